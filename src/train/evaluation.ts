// Evaluation: loss and accuracy of data sets under the parameters on the GPU.

import type { Dataset } from '../data/dataset';
import type { Device } from '../gpu/device';
import { upload } from '../gpu/tensor';
import { fuse } from '../program/fuse';
import { batchRanges } from '../nn/batches';
import type { Network } from '../nn/network';
import { lowerEvaluation, lowerWeightSquares, valueNames } from '../program/lower';
import type { StampedPasses } from '../gpu/timestamps';
import { Memory } from '../schedule/memory';
import { recordSteps } from '../schedule/record';
import { type Schedule, schedule, type VariantChoice } from '../schedule/schedule';
import { StepTable } from '../schedule/step-table';
import { uploadSplit } from './uploads';

/** Loss, including the L2 term over the rows of this set, and the share of rows classified rightly. */
export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/** The data sets of an experiment. */
export interface Splits {
  readonly train: Dataset;
  readonly valid: Dataset;
  readonly test: Dataset;
}

/** The names of the splits. */
export const SPLITS = ['train', 'valid', 'test'] as const satisfies (keyof Splits)[];

/** The score of every split. */
export type Evaluation = Readonly<Record<keyof Splits, Score>>;

/** Rows evaluated at once; larger sets go in parts, so that activations need not fit them whole. */
const MOST_ROWS = 4096;

const NUMBERS_A_SLOT = 4;

/** Rows of the largest part that an evaluation of these splits goes in. */
export function evaluationRows(splits: Splits): number {
  return Math.min(MOST_ROWS, Math.max(...SPLITS.map((name) => splits[name].rows)));
}

interface Part {
  readonly split: keyof Splits;
  readonly schedule: Schedule;
  /** Entries of the step table. */
  readonly first: number;
  readonly end: number;
}

/** Evaluates all splits in one recording; the parameters and the training set are the trainer's. */
export class Evaluator {
  readonly #splits: Splits;
  readonly #parts: readonly Part[];
  readonly #squares: Schedule;
  readonly #table: StepTable;
  /** The first holds activations and scores, the last the weights' squares. */
  readonly #memories: readonly Memory[];
  readonly #sources: readonly { buffer: GPUBuffer; offset: number }[];
  /** Bytes that `record` copies. */
  readonly size: number;

  private constructor(
    splits: Splits,
    parts: readonly Part[],
    squares: Schedule,
    table: StepTable,
    memories: readonly Memory[],
  ) {
    this.#splits = splits;
    this.#parts = parts;
    this.#squares = squares;
    this.#table = table;
    this.#memories = memories;
    const results = [memories[0]!.results.buffer, memories.at(-1)!.results.buffer];
    let size = 0;
    this.#sources = results.map((buffer) => {
      const source = { buffer, offset: size };
      size += buffer.size;
      return source;
    });
    this.size = size;
  }

  /**
   * @param parameters the memory that holds the parameters and the training set
   * @param fused whether to run the kernels of the fused program rather than those of the naive one
   * @param choose the variants that training runs, so that its pipelines serve here too
   */
  static async create(
    device: Device,
    network: Network,
    splits: Splits,
    parameters: Memory,
    members: number,
    fused: boolean,
    choose?: VariantChoice,
  ): Promise<Evaluator> {
    const names = SPLITS;
    const capacity = evaluationRows(splits);
    const ranges = names.map((name) => batchRanges(splits[name].rows, capacity));
    const table = new StepTable(device, 'evaluation steps', ranges.flat());
    const memories: Memory[] = [];
    try {
      const parts: Part[] = [];
      let outer = parameters;
      for (const [i, split] of names.entries()) {
        const data = splits[split];
        const naive = lowerEvaluation({
          network,
          data: split,
          dataRows: data.rows,
          batchRows: capacity,
          orderRows: fused || data.rows > capacity ? data.rows : 0,
          slots: table.ranges.length,
          members,
        });
        const program = fused ? fuse(naive) : naive;
        const memory = new Memory(device, program, outer);
        memories.push(memory);
        outer = memory;
        if (!parameters.find(valueNames.features(split))) {
          uploadSplit(device, memory, split, data);
        }
        const order = memory.find(valueNames.evaluationOrder(split));
        if (order) {
          upload(device, order, identity(data.rows));
        }
        const first = parts.at(-1)?.end ?? 0;
        const end = first + ranges[i]!.length;
        parts.push({ split, schedule: await schedule(device, program, memory, choose), first, end });
      }
      const squaresProgram = lowerWeightSquares(network, members);
      const squaresMemory = new Memory(device, squaresProgram, parameters);
      memories.push(squaresMemory);
      const squares = await schedule(device, squaresProgram, squaresMemory);
      return new Evaluator(splits, parts, squares, table, memories);
    } catch (error) {
      table.dispose();
      for (const memory of memories) {
        memory.dispose();
      }
      throw error;
    }
  }

  /**
   * Records the evaluation and a copy of its results into `target` at `offset`.
   *
   * @param stamped the descriptors of its first and its last pass, where these are to be stamped
   */
  record(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number, stamped?: StampedPasses): void {
    for (const [i, part] of this.#parts.entries()) {
      const descriptor = i === 0 ? stamped?.first : undefined;
      recordSteps(encoder, part.schedule, this.#table, part.first, part.end, descriptor);
    }
    recordSteps(encoder, this.#squares, this.#table, 0, 1, stamped?.last);
    for (const source of this.#sources) {
      encoder.copyBufferToBuffer(source.buffer, 0, target, offset + source.offset, source.buffer.size);
    }
  }

  /**
   * Each member's evaluation from what `record` copied; the sums over rows and layers are float64.
   *
   * @param l2 each member's coefficient
   */
  read(bytes: ArrayBuffer, offset: number, l2: readonly number[]): Evaluation[] {
    const [scores, weights] = this.#sources.map(
      (source) => new Float32Array(bytes, offset + source.offset, source.buffer.size / 4),
    );
    return l2.map((coefficient, member) => {
      const squares = this.#memories.at(-1)!.tensor(valueNames.squares);
      // Without a coefficient there is no penalty, though the squares overflow.
      const penalty = coefficient && coefficient * weights![squares.offset / 4 + member * squares.memberStride]!;
      const tensor = this.#memories[0]!.tensor(this.#parts[0]!.schedule.dispatches.at(-1)!.operation.outputs['score']!);
      const first = tensor.offset / 4 + member * tensor.memberStride;
      return this.#score(scores!.subarray(first), penalty);
    });
  }

  /** One member's evaluation from its scores, slot by slot, and its weights' squares times λ. */
  #score(scores: Float32Array, penalty: number): Evaluation {
    const score = (split: keyof Splits): Score => {
      const { first, end } = this.#parts.find((part) => part.split === split)!;
      const { rows } = this.#splits[split];
      let loss = 0;
      let hits = 0;
      for (let slot = first; slot < end; slot++) {
        const part = this.#table.ranges[slot]!.rows;
        loss += part * scores[slot * NUMBERS_A_SLOT]!;
        hits += Math.round(part * scores[slot * NUMBERS_A_SLOT + 1]!);
      }
      return { loss: loss / rows + penalty / (2 * rows), accuracy: hits / rows };
    };
    return { train: score('train'), valid: score('valid'), test: score('test') };
  }

  dispose(): void {
    this.#table.dispose();
    for (const memory of this.#memories) {
      memory.dispose();
    }
  }
}

function identity(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
