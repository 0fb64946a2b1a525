// `underglass devices`: the adapters of this machine, and which one is used.

import { formatBytes, formatCount } from '../base/units';
import { findSwiftShader } from '../node/chromium';
import { adapterChoice } from '../node/dawn';
import { type Adapter, openAdapter } from './adapter';
import { openJsonOutput } from './json-output';
import { openScreen, type Screen } from './screen';
import { printFacts, printHeading, printText, wrap } from './tables';

/** What `--json` writes of an adapter. */
interface AdapterReport {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly software: boolean;
  readonly origin: string | undefined;
  /** All that the adapter offers; a training asks for a few. */
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** An adapter that is there, but not used. */
interface Alternative {
  readonly name: string;
  readonly origin: string;
  /** The environment variable that chooses it. */
  readonly choose: string;
}

/** Lists the adapters, and gives the exit code. @throws UnderglassError `no-adapter` where there is none */
export async function devices(options: { readonly json?: string }): Promise<number> {
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  const adapter = await openAdapter();
  try {
    const used = await report(adapter);
    const alternatives = await findAlternatives(used);
    printAdapter(screen, used, adapter.device.info.features);
    printChoice(screen, used, alternatives);
    await json.write({ choice: adapterChoice(), used, alternatives });
    return 0;
  } finally {
    adapter.device.dispose();
  }
}

async function report({ gpu, device, name, origin }: Adapter): Promise<AdapterReport> {
  const { vendor, architecture, description, software, ...info } = device.info;
  // The adapter offers more than the device, which has what a training asks for.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  const limits: Record<string, number> = { ...info.limits };
  // Limits are getters of the prototype, out of reach of Object.entries.
  for (const limit in adapter?.limits) {
    const value: unknown = Reflect.get(adapter.limits, limit);
    if (typeof value === 'number') limits[limit] = value;
  }
  const features = [...(adapter?.features ?? info.features)].toSorted();
  return { name, vendor, architecture, description, software, origin, features, limits };
}

async function findAlternatives({ software }: AdapterReport): Promise<Alternative[]> {
  if (software || process.platform !== 'linux') return [];
  const found = await findSwiftShader();
  return found ? [{ name: 'SwiftShader', origin: found.origin, choose: 'UNDERGLASS_ADAPTER=software' }] : [];
}

function printAdapter(screen: Screen, used: AdapterReport, asked: readonly string[]): void {
  const list = (name: string, words: readonly string[]): [string, string][] =>
    wrap(words, ', ', screen.width - FEATURES_AT).map((line, i) => [i === 0 ? name : '', line]);
  printHeading(screen, used.name, 'is used');
  printFacts(screen, [
    ['kind', used.software ? screen.colours.yellow('software on the CPU, no GPU is used') : 'GPU'],
    ...(used.origin ? [['out of', used.origin] as const] : []),
    ['vendor', used.vendor || '–'],
    ['architecture', used.architecture || '–'],
    ['description', used.description || '–'],
    ...list('features used', asked),
    ...list(
      'also offered',
      used.features.filter((feature) => !asked.includes(feature)),
    ),
  ]);
  screen.print();
  printHeading(screen, 'Limits');
  printFacts(screen, limitFacts(used.limits));
}

/** Where the values of the facts above start, with a column to spare. */
const FEATURES_AT = 18;

function limitFacts(limits: Readonly<Record<string, number>>): [string, string][] {
  const limit = (name: string): number => limits[name] ?? Number.NaN;
  const workgroup = ['X', 'Y', 'Z'].map((axis) => formatCount(limit(`maxComputeWorkgroupSize${axis}`))).join(' x ');
  return [
    ['buffer', formatBytes(limit('maxBufferSize'))],
    ['storage binding', formatBytes(limit('maxStorageBufferBindingSize'))],
    ['storage buffers', `${formatCount(limit('maxStorageBuffersPerShaderStage'))} a shader`],
    ['workgroup', `${formatCount(limit('maxComputeInvocationsPerWorkgroup'))} threads, at most ${workgroup}`],
    ['shared memory', `${formatBytes(limit('maxComputeWorkgroupStorageSize'))} a workgroup`],
    ['grid', `${formatCount(limit('maxComputeWorkgroupsPerDimension'))} workgroups a dimension`],
  ];
}

function printChoice(screen: Screen, used: AdapterReport, alternatives: readonly Alternative[]): void {
  screen.print();
  for (const { name, origin, choose } of alternatives) {
    printText(screen, `${name}, on the CPU, is there too, out of ${origin}; choose it with ${choose}.`);
  }
  if (used.software) {
    printText(
      screen,
      'A GPU of this machine is taken first where Dawn finds one. UNDERGLASS_ADAPTER=gpu insists on it and fails ' +
        'without, UNDERGLASS_ADAPTER=software stays on the CPU.',
    );
  }
}
