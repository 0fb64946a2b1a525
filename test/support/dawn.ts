// Makes Node look like a browser to the tests: `navigator.gpu` and WebGPU's globals, from Dawn.

import { openGpu } from '../../src/cli/dawn';

const gpu = await openGpu();

// Node 20 has no `navigator`, Node 21 has one without WebGPU.
if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {} });
Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu });
