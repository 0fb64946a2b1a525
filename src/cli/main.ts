// The command line: its commands, their options, and the way they end.

import { Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import {
  type Activation,
  type ProgramName,
  TUTORIAL_EPOCHS,
  TUTORIAL_L2,
  TUTORIAL_LEARNING_RATE,
  TUTORIAL_MOMENTUM,
  TUTORIAL_SIZES,
} from '../index';
import { choice, type Interval, number, type Parser, wholeNumber } from '../base/parsing';
import { layersList, layerWidths, numberList, seedList } from '../train/grid';
import { check, type CheckOptions } from './check';
import { DATA_NAMES } from './data';
import { devices } from './devices';
import { fail } from './failure';
import { batchSize, filePath } from './options';
import { packageVersion } from './package';
import { profile, type ProfileOptions } from './profile';
import { roofline, type RooflineOptions } from './roofline';
import { requireWritten, watchStandardOutput } from './standard-output';
import { MAX_SWEEP_SEED, type SweepCommandOptions, sweepGrid } from './sweep';
import { train, type TrainOptions } from './train';
import { tune, type TuneOptions } from './tune';

const ACTIVATIONS: readonly Activation[] = ['sigmoid', 'linear'];
const PROGRAMS: readonly ProgramName[] = ['fused', 'naive'];
const HIDDEN = TUTORIAL_SIZES.slice(1, -1);
const MAX_SEED = 2 ** 32 - 1;
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

const layers = (): Option =>
  option('--layers <widths>', 'hidden layers, or none', layerWidths('--layers'), HIDDEN, HIDDEN.join());
const output = (): Option =>
  option('--output <activation>', 'last layer: sigmoid or linear', choice('--output', ACTIVATIONS), 'sigmoid');
const l2 = (): Option =>
  option('--l2 <lambda>', 'L2 penalty λ on the weights', number('--l2', PENALTIES, TUTORIAL_L2), TUTORIAL_L2);
const batch = (): Option => option('--batch <rows>', 'rows a step, or full', batchSize('--batch'), 'full' as const);
const epochs = (min: number): Option =>
  option('--epochs <number>', 'times through the training set', wholeNumber('--epochs', min), TUTORIAL_EPOCHS);
const lr = (): Option =>
  option('--lr <rate>', 'learning rate', number('--lr', RATES, TUTORIAL_LEARNING_RATE), TUTORIAL_LEARNING_RATE);
const momentum = (): Option =>
  option(
    '--momentum <share>',
    'of the last change kept',
    number('--momentum', MOMENTA, TUTORIAL_MOMENTUM),
    TUTORIAL_MOMENTUM,
  );
const kernels = (): Option =>
  option('--program <name>', 'kernels: fused or naive', choice('--program', PROGRAMS), 'fused');
const noTune = (): Option => new Option('--no-tune', 'the documented default kernels; none are timed, none remembered');
const every = (): Option => option('--every <epochs>', 'evaluate every so many epochs', wholeNumber('--every', 1), 10);
const file = (name: string, what: string): Option => option(`--${name} <file>`, what, filePath(`--${name}`));
const seed = (): Option =>
  option('--seed <number>', 'of the weights and the row order', wholeNumber('--seed', 0, MAX_SEED), 0);
const data = (): Option =>
  option('--data <name>', `data set: ${DATA_NAMES.join(' or ')}`, choice('--data', DATA_NAMES), DATA_NAMES[0]);
const json = (what: string): Option =>
  option('--json <file>', `write ${what} as JSON; - for standard output`, filePath('--json'));

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
  experiment(training, epochs(0)).addOption(json('the report')).action(ends<TrainOptions>(train));

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
  experiment(
    profiling,
    option('--epochs <number>', 'at most (default: as many as the steps take)', wholeNumber('--epochs', 1)),
  )
    .addHelpText(
      'after',
      `
${colours.bold('Examples:')}
  underglass profile --batch 32 --out trace.json
  underglass profile --program naive --record naive.json
  underglass profile --compare naive.json    what fusing the kernels gains`,
    )
    .action(ends<ProfileOptions>(profile));

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
    .addOption(epochs(1))
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

  program
    .command('check')
    .summary('check the gradients on this machine')
    .description('Compares the gradients that the kernels compute with differences of the loss in float64.')
    .addOption(layers())
    .addOption(output())
    .addOption(l2())
    .addOption(seed())
    .addOption(option('--rows <number>', 'rows of the training set', wholeNumber('--rows', 1), 256))
    .addOption(data())
    .addOption(json('the result'))
    .action(ends<CheckOptions>(check));

  program
    .command('tune')
    .summary('find the fastest kernels for this machine')
    .description(
      'Times the variants of every kernel on this adapter and remembers the fastest, which train takes from then on ' +
        'for networks of these shapes.',
    )
    .addOption(layers())
    .addOption(output())
    .addOption(batch())
    .addOption(data())
    .addOption(new Option('--show', "print every variant's time"))
    .addOption(json('the times'))
    .action(ends<TuneOptions>(tune));

  program
    .command('devices')
    .summary('show the adapter that is used')
    .description('Shows the adapter of this machine, its features and limits, and how to choose another.')
    .addOption(json('the adapter'))
    .action(ends<{ readonly json?: string }>(devices));

  return program;
}

/** Gives a command the options of a training. */
function experiment(command: Command, howLong: Option): Command {
  return command
    .optionsGroup('Network:')
    .addOption(layers())
    .addOption(output())
    .addOption(seed())
    .optionsGroup('Training:')
    .addOption(howLong)
    .addOption(batch())
    .addOption(lr())
    .addOption(momentum())
    .addOption(l2())
    .addOption(data())
    .optionsGroup('Running:')
    .addOption(kernels())
    .addOption(noTune())
    .addOption(every());
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
