// Makes Node look like a browser to the tests: `navigator.gpu` and WebGPU's globals, from Dawn; once a worker.

import { openGpu } from '../../src/node/dawn';

// Node 20 has no `navigator`, Node 21 has one without WebGPU.
if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {} });
if (!('gpu' in navigator)) Object.defineProperty(globalThis.navigator, 'gpu', { value: await openGpu() });
