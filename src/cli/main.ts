// The command line: its commands, their options, and the way they end.

import { Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import { ACTIVATIONS, TUTORIAL_EPOCHS, TUTORIAL_LEARNING_RATE, TUTORIAL_MOMENTUM, TUTORIAL_SIZES } from '../index';
import { choice, type Interval, type Parser, wholeNumber } from '../base/parsing';
import { batchSize } from '../experiment/batch-size';
import { dataSets } from '../experiment/data-sets';
import { SETTING_NAMES } from '../experiment/read';
import type { Settings } from '../experiment/setting';
import { packageVersion } from '../node/package';
import { layersList, numberList, seedList } from '../train/grid';
import { check, type CheckOptions } from './check';
import { DATA_NAMES } from './data';
import { devices } from './devices';
import { fail } from './failure';
import { filePath } from './options';
import { profile, type ProfileOptions } from './profile';
import { roofline, type RooflineOptions } from './roofline';
import { addSettings, settingsFrom } from './setting-options';
import { requireWritten, watchStandardOutput } from './standard-output';
import { MAX_SWEEP_SEED, type SweepCommandOptions, sweepGrid } from './sweep';
import { train, type TrainOptions } from './train';
import { tune, type TuneOptions } from './tune';

const HIDDEN = TUTORIAL_SIZES.slice(1, -1);
const RATES: Interval = { min: 0, above: true };
const MOMENTA: Interval = { min: 0, max: 1, below: true };
const PENALTIES: Interval = { min: 0 };
const L2_GRID = 'logspace:-2:2:10';

const colours = pc.createColors(true); // Commander strips them where they are not wanted.

function option<T>(flags: string, text: string, parse: Parser<T>, initial?: T, shown?: string): Option {
  const made = new Option(flags, text).argParser<T>((value) => parse(value));
  return initial === undefined ? made : made.default(initial, shown ?? String(initial));
}

/** An option whose default is told as it would be typed. */
function listed<T>(flags: string, text: string, parse: Parser<T>, initial: string): Option {
  return option(flags, text, parse, parse(initial), initial);
}

const output = (): Option =>
  option('--output <activation>', 'activation of the last layer', choice('--output', ACTIVATIONS), 'sigmoid');
const batch = (): Option =>
  option('--batch <rows>', 'rows a step, or full', batchSize('--batch', dataSets.digits.trainRows), 'full' as const);
const noTune = (): Option => new Option('--no-tune', 'the documented default kernels; none are timed, none remembered');
const every = (): Option => option('--every <epochs>', 'evaluate every so many epochs', wholeNumber('--every', 1), 10);
const file = (name: string, what: string): Option => option(`--${name} <file>`, what, filePath(`--${name}`));
const data = (): Option =>
  option('--data <name>', `data set: ${DATA_NAMES.join(' or ')}`, choice('--data', DATA_NAMES), DATA_NAMES[0]);
const json = (what: string): Option =>
  option('--json <file>', `write ${what} as JSON; - for standard output`, filePath('--json'));

/** What a command's shape of network and step depends on. */
const SHAPE = ['layers', 'activation', 'output', 'data'];

/** Gives a command's options to an action, with the settings that they say. */
function withSettings<T extends object>(
  action: (options: T & { readonly settings: Settings }) => Promise<number>,
): (options: T) => Promise<void> {
  return ends((options) => action({ ...options, settings: settingsFrom(options) }));
}

/** An action's number is the exit code. */
function ends<T>(action: (options: T) => Promise<number>): (options: T) => Promise<void> {
  return async (options) => {
    process.exitCode = await action(options);
  };
}

function commandLine(): Command {
  const program = new Command('underglass')
    .description('Trains small neural networks on the GPU, through WebGPU, and times every kernel of it.')
    .version(packageVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({
      styleTitle: (text) => colours.bold(text),
      styleCommandText: (text) => colours.cyan(text),
      styleOptionTerm: (text) => colours.cyan(text),
      styleSubcommandTerm: (text) => colours.cyan(text),
    })
    // `fail` prints what goes wrong.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText(
      'after',
      `
${colours.bold('Examples:')}
  underglass train                         the tutorial's digits, 1,000 epochs
  underglass train --batch 32 --epochs 50  in minibatches
  underglass train --json run.json         and keep the report
  underglass profile --out trace.json      where the time of a step goes
  underglass sweep                         the tutorial's choice of λ
  underglass check                         are the gradients right on this GPU?

${colours.bold('Environment:')}
  UNDERGLASS_ADAPTER  any (default), gpu, or software
  UNDERGLASS_DEBUG    set to see where a failure came from
  NO_COLOR            set for plain text`,
    );

  const training = program
    .command('train')
    .summary('train a network and time its kernels')
    .description(
      "Trains a network from random weights; without options, the tutorial's. Ctrl-C stops with the results so far.",
    );
  running(addSettings(training))
    .addOption(json('the report'))
    .action(withSettings<Omit<TrainOptions, 'settings'>>(train));

  const profiling = program
    .command('profile')
    .summary('tell where the time of a step goes')
    .description(
      'Trains as train does, times every operation in a sample of the steps, and tells how long each takes, how sure that is, ' +
        'what limits it on this adapter, and where the rest of the time went. Timing changes no bit of the training.',
    )
    .optionsGroup('Profile:')
    .addOption(
      option('--steps <number>', 'steps to time operation by operation', wholeNumber('--steps', 1, 65_536), 200),
    )
    .addOption(file('out', 'write a trace, which Perfetto and speedscope open'))
    .addOption(file('record', 'write the recording as JSON, to be compared later'))
    .addOption(file('compare', 'compare with a recording made before'))
    .addOption(file('csv', 'write the table as CSV; - for standard output, here and above'))
    .addOption(file('markdown', 'write the table as Markdown'));
  addSettings(
    profiling,
    SETTING_NAMES.filter((name) => name !== 'epochs'),
  )
    .optionsGroup('Training:')
    .addOption(option('--epochs <number>', 'at most (default: as many as the steps take)', wholeNumber('--epochs', 1)));
  running(profiling)
    .addHelpText(
      'after',
      `
${colours.bold('Examples:')}
  underglass profile --batch 32 --out trace.json
  underglass profile --program naive --record naive.json
  underglass profile --compare naive.json    what fusing the kernels gains`,
    )
    .action(withSettings<Omit<ProfileOptions, 'settings'>>(profile));

  program
    .command('roofline')
    .summary("draw what this machine's adapter can do at most")
    .description(
      'Measures the peaks of this adapter in arithmetic, memory and cache, and the time of a launch, remembers them, and draws ' +
        "them; with a recording, its operations below. A recording's own peaks need no GPU.",
    )
    .addOption(
      option('--recording <file>', 'draw the operations of what profile --record wrote', filePath('--recording')),
    )
    .addOption(new Option('--again', 'measure anew what is remembered'))
    .addOption(json('the peaks'))
    .action(ends<RooflineOptions>(roofline));

  program
    .command('sweep')
    .summary('train a grid of networks and rank them')
    .description(
      "Trains every combination of the lists, many networks at once; without options, the tutorial's choice of λ. " +
        'The best by validation accuracy is trained again from new weights. Ctrl-C stops with what is finished.',
    )
    .optionsGroup('Grid:')
    .addOption(
      option(
        '--layers <list>',
        'hidden layers of each network, | between them',
        layersList('--layers'),
        [HIDDEN],
        HIDDEN.join(),
      ),
    )
    .addOption(listed('--l2 <list>', 'L2 penalties λ', numberList('--l2', PENALTIES, L2_GRID), L2_GRID))
    .addOption(
      listed('--lr <list>', 'learning rates', numberList('--lr', RATES, '0.1,0.2'), String(TUTORIAL_LEARNING_RATE)),
    )
    .addOption(
      listed('--momentum <list>', 'momenta', numberList('--momentum', MOMENTA, '0.8,0.9'), String(TUTORIAL_MOMENTUM)),
    )
    .addOption(listed('--seeds <list>', 'seeds of each, as 0..4 or 0,3,7', seedList('--seeds', MAX_SWEEP_SEED), '0'))
    .optionsGroup('Training:')
    .addOption(output())
    .addOption(option('--epochs <number>', 'of each network', wholeNumber('--epochs', 1), TUTORIAL_EPOCHS))
    .addOption(batch())
    .addOption(data())
    .optionsGroup('Running:')
    .addOption(json('the report'))
    .addHelpText(
      'after',
      `
${colours.bold('Lists')} have commas between their parts; a part is a number or a range:
  linspace:from:to:count  evenly spread, both ends included
  logspace:from:to:count  powers of ten, evenly spread exponents

${colours.bold('Examples:')}
  underglass sweep                                 ten λ, one seed
  underglass sweep --seeds 0..4 --json sweep.json  five seeds of each
  underglass sweep --l2 0,logspace:-2:1:7 --lr 0.1,0.2
  underglass sweep --layers "48,32|64|100,50|none" --l2 0.5`,
    )
    .action(ends<SweepCommandOptions>(sweepGrid));

  const checking = program
    .command('check')
    .summary('check the gradients on this machine')
    .description('Compares the gradients that the kernels compute with differences of the loss in float64.');
  addSettings(checking, [...SHAPE, 'l2', 'seed'])
    .addOption(option('--rows <number>', 'rows of the training set', wholeNumber('--rows', 1), 256))
    .optionsGroup('Running:')
    .addOption(json('the result'))
    .action(withSettings<Omit<CheckOptions, 'settings'>>(check));

  const tuning = program
    .command('tune')
    .summary('find the fastest kernels for this machine')
    .description(
      'Times the variants of every kernel on this adapter and remembers the fastest, which train takes from then on ' +
        'for networks of these shapes.',
    );
  addSettings(tuning, [...SHAPE, 'optimiser', 'batch'])
    .optionsGroup('Running:')
    .addOption(new Option('--show', "print every variant's time"))
    .addOption(json('the times'))
    .action(withSettings<Omit<TuneOptions, 'settings'>>(tune));

  program
    .command('devices')
    .summary('show the adapter that is used')
    .description('Shows the adapter of this machine, its features and limits, and how to choose another.')
    .addOption(json('the adapter'))
    .action(ends<{ readonly json?: string }>(devices));

  return program;
}

/** Gives a command the options of how it runs. */
function running(command: Command): Command {
  return command.optionsGroup('Running:').addOption(noTune()).addOption(every());
}

watchStandardOutput();
const program = commandLine();
try {
  await program.parseAsync().catch(async (error: unknown) => {
    // Help and the version are told, and then thrown.
    if (error instanceof CommanderError && error.exitCode === 0) await requireWritten();
    throw error;
  });
  await requireWritten();
} catch (error) {
  const command = program.commands.find((known) => known.name() === process.argv[2]);
  process.exitCode = fail(error, `underglass ${command ? `${command.name()} ` : ''}--help`);
}
