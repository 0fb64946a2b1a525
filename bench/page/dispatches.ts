// Counts dispatches, whoever makes them: imported before any peer.

let count = 0;

if ('GPUComputePassEncoder' in globalThis) {
  const { prototype } = GPUComputePassEncoder;
  // Called with the pass as `this` only.
  // oxlint-disable-next-line typescript/unbound-method
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = prototype;
  prototype.dispatchWorkgroups = function (x, y, z) {
    count++;
    return dispatchWorkgroups.call(this, x, y, z);
  };
  prototype.dispatchWorkgroupsIndirect = function (buffer, offset) {
    count++;
    return dispatchWorkgroupsIndirect.call(this, buffer, offset);
  };
}

/** Dispatches recorded on this page so far. */
export function dispatches(): number {
  return count;
}
