// jax-js on WebAssembly.

import { jax } from './jax';

export default jax('wasm');
