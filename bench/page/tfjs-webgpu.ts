// TensorFlow.js on its WebGPU backend.

import { tfjs } from './tfjs';

export default tfjs('webgpu', async () => {
  await import('@tensorflow/tfjs-backend-webgpu');
  return 'TensorFlow.js 4.22.0, WebGPU';
});
