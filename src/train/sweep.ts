// A sweep: a grid of networks, many of them trained in the same dispatches.

import { UnderglassError } from '../base/errors';
import { formatBytes } from '../base/units';
import type { Device } from '../gpu/device';
import { isLoss, reasonOf } from '../gpu/loss';
import { type BatchSize, batchRanges } from '../nn/batches';
import { type Network, networkSizes } from '../nn/network';
import { activationBytes, parameterBytes, stepFlops } from '../program/cost';
import { type Evaluation, evaluationRows, type Splits } from './evaluation';
import { Group } from './group';
import type { Member } from './group-options';
import { checkSweepOptions } from './option-checks';

/** One network of a sweep. */
export interface Configuration extends Member {
  readonly network: Network;
}

/** What to train in a sweep. */
export interface SweepOptions {
  readonly configurations: readonly Configuration[];
  readonly splits: Splits;
  readonly batch: BatchSize;
  readonly epochs: number;
  /** Stops the sweep; the networks in training are then left out of the result. */
  readonly signal?: AbortSignal;
  /**
   * Opens another device where one was lost; the networks that were in training begin again on it. Without it a loss ends
   * the sweep. All devices are the caller's to free.
   */
  readonly reopen?: () => Promise<Device>;
}

/** A network of a sweep, and how well it did. */
export interface SweepEntry {
  readonly configuration: Configuration;
  /** Of the last epoch, or the last one evaluated in training; undefined where the training diverged. */
  readonly evaluation: Evaluation | undefined;
}

/** A network of a sweep that could not be trained. */
export interface SweepRefusal {
  readonly configuration: Configuration;
  /** One sentence. */
  readonly reason: string;
}

/** How far a sweep has come. */
export interface SweepProgress {
  /** Networks that are done, in the order of the configurations as far as their groups are. */
  readonly finished: readonly SweepEntry[];
  /** Networks that turned out too large for the adapter, each alone; the sweep goes on without them. */
  readonly refused: readonly SweepRefusal[];
  /** Networks of the whole sweep. */
  readonly networks: number;
  /** Networks in training now, and the epoch that they have reached. */
  readonly training: number;
  readonly epoch: number;
  /** Those that have not come to their last epoch, as last evaluated; the same array until there is something new. */
  readonly current: readonly SweepEntry[];
  /** Share of all epochs of all networks that are done; less again after a loss. */
  readonly fraction: number;
  /** Devices lost so far. */
  readonly losses: number;
}

/** Evaluations of a group, so that progress is seen; the last epoch is always evaluated. */
const EVALUATIONS = 10;

/** The most floating-point operations of one step of a group: more would hold up the display. */
const MOST_FLOPS = { software: 1.5e8, gpu: 5e9 } as const;

/** Bytes that the networks of a group may take together. */
const MOST_BYTES = 2 ** 29;

/** Losses without a network finished between them that a sweep survives: what is lost more often is no mishap. */
const MOST_LOSSES = 3;

/**
 * Trains every configuration, those of one shape together.
 *
 * A network's result equals that of the same network trained alone. One that diverges is
 * stopped and leaves the others as they are. A group that the adapter refuses though its sizes
 * promised to fit is cut in two; a single network that it refuses is left out and reported.
 * Where the device is lost, what is finished stays, and `reopen` gives the next one; the bits are
 * those of a sweep without a loss.
 *
 * @throws UnderglassError `usage` for no configuration, `shape` where a network does not fit
 *   the data, `limit` where one is too large for the adapter by its sizes, all before anything is
 *   allocated; `limit` or `out-of-memory` at the end where every network was refused; `device-lost`
 *   where no other device can be opened, or devices are lost one after the other. The last progress
 *   told has what is finished; a sweep of the other configurations goes on from there.
 */
export async function* sweep(first: Device, options: SweepOptions): AsyncGenerator<SweepProgress, void, void> {
  checkSweepOptions(first, options);
  const { configurations, epochs, signal, reopen } = options;
  const waiting = groupByShape(first, options);
  const finished: SweepEntry[] = [];
  const refused: SweepRefusal[] = [];
  let losses = 0;
  const every = Math.max(1, Math.ceil(epochs / EVALUATIONS));
  const progress = (members: number, epoch: number, current: readonly SweepEntry[]): SweepProgress => {
    const done = finished.length + refused.length + (epoch === epochs ? 0 : (members * epoch) / epochs);
    const networks = configurations.length;
    const fraction = done / networks;
    const sofar = { finished: [...finished], refused: [...refused], networks, losses };
    return { ...sofar, training: members, epoch, current, fraction };
  };
  async function* trainTogether(
    device: Device,
    members: readonly Configuration[],
  ): AsyncGenerator<SweepProgress, void, void> {
    const group = await groupThatFits(device, options, members);
    if (group instanceof UnderglassError) {
      if (members.length > 1) {
        waiting.unshift(...cut(members, Math.ceil(members.length / 2)));
        return;
      }
      const [configuration] = members;
      const name = networkSizes(configuration!.network).join('-');
      refused.push({ configuration: configuration!, reason: `${name}: ${group.message}` });
      if (refused.length === configurations.length) {
        throw group;
      }
      yield progress(0, epochs, []);
      return;
    }
    try {
      let current: readonly SweepEntry[] = [];
      let reached = -1;
      for await (const report of group.run({ epochs, every, ...(signal ? { signal } : {}) })) {
        reached = report.epoch;
        if (report.members[0]!.evaluation) {
          const evaluated = members.map((configuration, i) => {
            const { evaluation, divergence } = report.members[i]!;
            return { configuration, evaluation: divergence ? undefined : evaluation };
          });
          if (reached === epochs) {
            finished.push(...evaluated);
          }
          current = reached === epochs ? [] : evaluated;
        }
        yield progress(members.length, reached, current);
      }
      // A group of which every network diverged ends before its last epoch.
      if (reached < epochs && members.every((_, i) => group.divergence(i))) {
        finished.push(...members.map((configuration) => ({ configuration, evaluation: undefined })));
        yield progress(members.length, epochs, []);
      }
    } finally {
      group.dispose();
    }
  }
  let device = first;
  let lossesInARow = 0;
  for (let members = waiting.shift(); members && !signal?.aborted; members = waiting.shift()) {
    try {
      yield* trainTogether(device, members);
      lossesInARow = 0;
    } catch (error) {
      const reason = await reasonOf(device, error);
      if (!isLoss(reason)) {
        throw reason;
      }
      losses++;
      yield progress(0, 0, []);
      if (signal?.aborted) {
        return;
      }
      const kept = `${finished.length} of ${configurations.length} networks are finished`;
      if (!reopen) {
        throw lost(`the GPU was lost; ${kept}, sweep the others on a new device`, reason);
      }
      if (++lossesInARow > MOST_LOSSES) {
        const often = `the GPU was lost ${lossesInARow} times without a network finished between`;
        throw lost(`${often}; ${kept}, try the others with narrower layers or a smaller batch`, reason);
      }
      device = await reopen().catch((cause: unknown) => {
        throw lost(`the GPU was lost and no other could be opened; ${kept}, sweep the others once there is one`, cause);
      });
      waiting.unshift(members);
    }
  }
}

function lost(message: string, cause: unknown): UnderglassError {
  return new UnderglassError('device-lost', message, { cause });
}

/** The group of these networks, or why the adapter cannot hold it. */
async function groupThatFits(
  device: Device,
  { splits, batch }: SweepOptions,
  members: readonly Configuration[],
): Promise<Group | UnderglassError> {
  try {
    return await Group.create(device, { network: members[0]!.network, members, splits, batch, profile: false });
  } catch (error) {
    if (error instanceof UnderglassError && (error.code === 'limit' || error.code === 'out-of-memory')) {
      return error;
    }
    throw error;
  }
}

/** Configurations that can train together: of one shape and, where the order of rows depends on it, one seed. */
function groupByShape(device: Device, { configurations, splits, batch }: SweepOptions): Configuration[][] {
  const { rows } = batchRanges(splits.train.rows, batch)[0]!;
  const evaluated = evaluationRows(splits);
  const groups = new Map<string, Configuration[]>();
  for (const configuration of configurations) {
    const { network, seed } = configuration;
    const activations = network.layers.map(({ activation }) => activation);
    const key = [
      ...networkSizes(network),
      ...activations,
      configuration.optimiser.kind,
      batch === 'full' ? '' : seed,
    ].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), configuration]);
  }
  return [...groups.values()].flatMap((group) => cut(group, mostMembers(device, group[0]!.network, rows, evaluated)));
}

/** How many networks of this shape fit into one group, whose steps take `rows` and whose evaluations `evaluated` at once. */
function mostMembers(device: Device, network: Network, rows: number, evaluated: number): number {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = device.gpu.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const parameters = parameterBytes(network);
  const activations = activationBytes(network, Math.max(rows, evaluated));
  const largest = Math.max(parameters, activations);
  if (largest > limit) {
    throw new UnderglassError(
      'limit',
      `${networkSizes(network).join('-')}: a network takes ${formatBytes(largest)} in one buffer, ` +
        `but this adapter's buffers hold ${formatBytes(limit)}; use narrower layers or a smaller batch`,
    );
  }
  const flops = MOST_FLOPS[device.info.software ? 'software' : 'gpu'];
  return Math.max(
    1,
    Math.min(
      maxComputeWorkgroupsPerDimension,
      Math.floor(limit / largest),
      Math.floor(MOST_BYTES / (3 * parameters + activations)),
      Math.floor(flops / stepFlops(network, rows)),
    ),
  );
}

function cut<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
