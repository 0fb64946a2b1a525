// jax-js on WebGPU.

import { jax } from './jax';

export default jax('webgpu');
