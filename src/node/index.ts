// What the package offers in Node alone: `underglass/node`.

export type { AdapterChoice } from './dawn';
export { openDevice, type DeviceOptions } from './device';
