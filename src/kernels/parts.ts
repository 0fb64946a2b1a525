// Parts in shaders: the constants that wgsl-loader gives the files of a folder such as shaders/activation/.

import type { Shader } from '../gpu/pipelines';

/** The number of a part in a shader: of `leakyRelu` among the activations that of shaders/activation/leaky_relu.wgsl. */
export function partNumber(shader: Shader, table: string, part: string): number {
  const name = `${table}_${part.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
  const number = shader.constants[name];
  if (typeof number !== 'number') {
    throw new Error(`shaders/${table}/ has no file for ${part}: ${shader.name} has no constant ${name}`);
  }
  return number;
}
