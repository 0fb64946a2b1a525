// Loaded before the command line: destroys its GPU device after as many submits as LOSE_AFTER says, one number for each device.

import { globals } from 'webgpu';

const after = process.env.LOSE_AFTER.split(',').map(Number);
const { GPUAdapter, GPUQueue } = globals;
const { requestDevice } = GPUAdapter.prototype;
const { submit } = GPUQueue.prototype;
let device;
let left = Number.POSITIVE_INFINITY;

GPUAdapter.prototype.requestDevice = async function (...parameters) {
  device = await requestDevice.apply(this, parameters);
  left = after.shift() ?? Number.POSITIVE_INFINITY;
  return device;
};

GPUQueue.prototype.submit = function (...parameters) {
  submit.apply(this, parameters);
  if (--left === 0) device.destroy();
};
