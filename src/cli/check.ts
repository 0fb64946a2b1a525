// `underglass check`: the gradient check of a network on this machine's adapter.

import { type GradientCheckReport, gradientCheck, tutorialSplit } from '../index';
import { formatCount } from '../base/units';
import { networkOf, sizesOf } from '../experiment/build';
import type { Settings } from '../experiment/setting';
import { adapterFacts, openAdapter } from './adapter';
import { loadData } from './data';
import { EXIT_FAILURE } from './failure';
import { openJsonOutput } from './json-output';
import { checkWeights } from './network';
import { activationWords } from './results';
import { openScreen, type Screen } from './screen';
import { mark, printFacts, printHeading, printTable, printText } from './tables';

/** What the command line says of a check. */
export interface CheckOptions {
  readonly settings: Settings;
  /** Rows of the training set, from its start. */
  readonly rows: number;
  readonly json?: string;
}

/** Checks, reports, and gives the exit code. @throws UnderglassError as `gradientCheck` does */
export async function check(options: CheckOptions): Promise<number> {
  const { settings, rows } = options;
  const { l2, seed, output } = settings;
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  const { train } = tutorialSplit(await loadData(settings.data));
  const network = networkOf(settings);
  const sizes = sizesOf(settings);
  const hidden = network.layers.slice(0, -1).map(({ activation }) => activation);
  const adapter = await openAdapter();
  try {
    checkWeights(network, adapter.device);
    const report = await gradientCheck(network, train, { device: adapter.device, l2, seed, rows });
    printHeading(screen, 'Gradient check');
    screen.print();
    printFacts(screen, [
      ['network', `${sizes.join('-')}, ${activationWords(network)}, L2 ${l2}, seed ${seed}`],
      ['data', `${settings.data}: ${formatCount(report.rows)} rows of the training set`],
      ...adapterFacts(screen, adapter),
    ]);
    printReport(screen, report);
    await json.write({
      config: { data: settings.data, sizes, hidden, output, l2, seed, rows: report.rows },
      device: adapter.device.info,
      ...report,
    });
    return report.passed ? 0 : EXIT_FAILURE;
  } finally {
    adapter.device.dispose();
  }
}

function printReport(screen: Screen, { passed, tolerance, tensors }: GradientCheckReport): void {
  const { colours } = screen;
  screen.print();
  printTable(
    screen,
    [
      { head: 'tensor' },
      { head: 'compared', align: 'right' },
      { head: 'largest gradient', align: 'right' },
      { head: 'error', align: 'right' },
      { head: '' },
    ],
    tensors.map(({ label, checked, elements, largest, error, passed: good }) => [
      label,
      `${formatCount(checked)} of ${formatCount(elements)}`,
      largest.toExponential(2),
      error.toExponential(1),
      mark(colours, good),
    ]),
  );
  screen.print();
  const wrong = tensors.filter((tensor) => !tensor.passed).length;
  const comparison =
    `gradients of the first step, computed by the WGSL kernels in float32, against central differences of the loss in ` +
    `float64; allowed is a difference of ${tolerance} of the tensor's largest gradient.`;
  const outcome = passed ? 'Passed' : `Failed in ${wrong} of ${tensors.length} tensors`;
  printText(screen, `${outcome}: ${comparison}`, passed ? colours.green : colours.red);
}
