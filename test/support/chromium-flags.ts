// The flags that the tests start Chromium with.

import type { AdapterChoice } from '../../src/cli/dawn';

const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium's flags for WebGPU on SwiftShader, or on the GPU of this machine. */
export function chromiumFlags(adapter: AdapterChoice): string[] {
  // Also offers adapters that Chromium does not trust, and exact timestamps.
  const flags = [...QUIET, '--enable-unsafe-webgpu'];
  if (adapter === 'software') return [...flags, '--use-webgpu-adapter=swiftshader'];
  // Headless Chromium on Linux leaves Vulkan off.
  if (process.platform !== 'linux') return flags;
  return [...flags, '--enable-features=Vulkan', '--use-angle=vulkan', '--disable-vulkan-surface'];
}
