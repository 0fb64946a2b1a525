// The peers' interfaces, as far as the benchmark uses them: so that types are checked where the peers are not installed.

declare module '@tensorflow/tfjs-core' {
  export interface Tensor {
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export type Scalar = Tensor;
  export type Variable = Tensor & { assign(value: Tensor): void };
  export interface Optimizer {
    minimize(loss: () => Scalar, returnCost: boolean, variables: Variable[]): Scalar | null;
    dispose(): void;
  }
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function tidy<T>(work: () => T): T;
  export function dispose(tensors: Tensor[]): void;
  export function variable(initial: Tensor): Variable;
  export function scalar(value: number): Scalar;
  export function tensor1d(values: Float32Array): Tensor;
  export function tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  export function slice(x: Tensor, begin: number[], size: number[]): Tensor;
  export function add(a: Tensor, b: Tensor): Tensor;
  export function mul(a: Tensor, b: Tensor | number): Tensor;
  export function sum(x: Tensor): Scalar;
  export function square(x: Tensor): Tensor;
  export function sigmoid(x: Tensor): Tensor;
  export function matMul(a: Tensor, b: Tensor): Tensor;
  export const fused: { matMul(options: { a: Tensor; b: Tensor; bias?: Tensor }): Tensor };
  export const losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Scalar };
  export const train: { momentum(learningRate: number, momentum: number): Optimizer };
}

declare module '@tensorflow/tfjs-core/dist/register_all_gradients' {}

declare module '@tensorflow/tfjs-backend-webgpu' {}

declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(paths: Record<string, string>): void;
  export function getThreadsCount(): number;
}

declare module '@jax-js/jax' {
  export type Device = 'wasm' | 'webgpu';
  interface JaxArray {
    /** The same array, owned once more. */
    readonly ref: JaxArray;
    add(other: JaxArray | number): JaxArray;
    sub(other: JaxArray | number): JaxArray;
    mul(other: JaxArray | number): JaxArray;
    sum(): JaxArray;
    reshape(shape: readonly number[]): JaxArray;
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export namespace numpy {
    type Array = JaxArray;
    function array(values: Float32Array | number): JaxArray;
    function zeros(shape: readonly number[]): JaxArray;
    function dot(a: JaxArray, b: JaxArray): JaxArray;
    function matmul(a: JaxArray, b: JaxArray): JaxArray;
    function square(x: JaxArray): JaxArray;
  }
  export const nn: { sigmoid(x: JaxArray): JaxArray; logSoftmax(x: JaxArray): JaxArray };
  export const tree: { ref(arrays: JaxArray[]): JaxArray[]; dispose(arrays: JaxArray[]): void };
  export function init(...devices: Device[]): Promise<Device[]>;
  export function defaultDevice(device: Device): Device;
  export function jit<F extends (...args: never[]) => unknown>(work: F): F & { dispose(): void };
  export function valueAndGrad<Rest extends unknown[]>(
    loss: (parameters: JaxArray[], ...rest: Rest) => JaxArray,
  ): (parameters: JaxArray[], ...rest: Rest) => [JaxArray, JaxArray[]];
  export function blockUntilReady<T>(arrays: T): Promise<T>;
}
