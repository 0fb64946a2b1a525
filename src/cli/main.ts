// The command line: its commands, their options, and the way they end.

import { Command, Option } from 'commander';
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
import { check, type CheckOptions } from './check';
import { DATA_NAMES } from './data';
import { devices } from './devices';
import { fail } from './failure';
import { batchSize, choice, filePath, layerWidths, number, type Parser, wholeNumber } from './options';
import { packageVersion } from './package';
import { train, type TrainOptions } from './train';

const ACTIVATIONS: readonly Activation[] = ['sigmoid', 'linear'];
const PROGRAMS: readonly ProgramName[] = ['fused', 'naive'];
const HIDDEN = TUTORIAL_SIZES.slice(1, -1);
const MAX_SEED = 2 ** 32 - 1;

const colours = pc.createColors(true); // Commander strips them where they are not wanted.

function option<T>(flags: string, text: string, parse: Parser<T>, initial?: T, shown?: string): Option {
  const made = new Option(flags, text).argParser<T>((value) => parse(value));
  return initial === undefined ? made : made.default(initial, shown ?? String(initial));
}

const layers = (): Option =>
  option('--layers <widths>', 'hidden layers, or none', layerWidths('--layers'), HIDDEN, HIDDEN.join());
const output = (): Option =>
  option('--output <activation>', 'last layer: sigmoid or linear', choice('--output', ACTIVATIONS), 'sigmoid');
const l2 = (): Option =>
  option('--l2 <lambda>', 'L2 penalty λ on the weights', number('--l2', { min: 0 }, TUTORIAL_L2), TUTORIAL_L2);
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
    .version(packageVersion(), '-V, --version', 'print the version')
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
  underglass check                         are the gradients right on this GPU?

${colours.bold('Environment:')}
  UNDERGLASS_ADAPTER  any (default), gpu, or software
  UNDERGLASS_DEBUG    set to see where a failure came from
  NO_COLOR            set for plain text`,
    );

  program
    .command('train')
    .summary('train a network and time its kernels')
    .description(
      "Trains a network from random weights; without options, the tutorial's. Ctrl-C stops with the results so far.",
    )
    .optionsGroup('Network:')
    .addOption(layers())
    .addOption(output())
    .addOption(seed())
    .optionsGroup('Training:')
    .addOption(
      option('--epochs <number>', 'times through the training set', wholeNumber('--epochs', 0), TUTORIAL_EPOCHS),
    )
    .addOption(option('--batch <rows>', 'rows a step, or full', batchSize('--batch'), 'full' as const))
    .addOption(
      option(
        '--lr <rate>',
        'learning rate',
        number('--lr', { min: 0, above: true }, TUTORIAL_LEARNING_RATE),
        TUTORIAL_LEARNING_RATE,
      ),
    )
    .addOption(
      option(
        '--momentum <share>',
        'of the last change kept',
        number('--momentum', { min: 0, max: 1, below: true }, TUTORIAL_MOMENTUM),
        TUTORIAL_MOMENTUM,
      ),
    )
    .addOption(l2())
    .addOption(data())
    .optionsGroup('Running:')
    .addOption(option('--program <name>', 'kernels: fused or naive', choice('--program', PROGRAMS), 'fused'))
    .addOption(option('--every <epochs>', 'evaluate every so many epochs', wholeNumber('--every', 1), 10))
    .addOption(json('the report'))
    .action(ends<TrainOptions>(train));

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
    .command('devices')
    .summary('show the adapter that is used')
    .description('Shows the adapter of this machine, its features and limits, and how to choose another.')
    .addOption(json('the adapter'))
    .action(ends<{ readonly json?: string }>(devices));

  return program;
}

// A reader that goes away, as `| head` does, is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
}

const program = commandLine();
try {
  await program.parseAsync();
} catch (error) {
  const command = program.commands.find((known) => known.name() === process.argv[2]);
  process.exitCode = fail(error, `underglass ${command ? `${command.name()} ` : ''}--help`);
}
