// The flags that the tests start Chromium with.

import type { AdapterChoice } from '../../src/node/dawn';

const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // On a busy machine software rendering may take long: that is no hang, and no reason to keep a page from WebGL and its frames.
  '--disable-gpu-watchdog',
  '--disable-domain-blocking-for-3d-apis',
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
