// A program: GPU work as plain data, values and the operations between them.
//
// No GPU in sight: the schedule (src/schedule/) gives values memory and operations kernels.

/** A part of a training step, or the evaluation between steps. */
export type Phase = 'forward' | 'backward' | 'update' | 'evaluation';

/** The name of an operation; also of its WGSL file, its kernel and its function in `src/reference/`. */
export type OperationKind =
  | 'gather'
  | 'linear'
  | 'activate'
  | 'softmax'
  | 'crossEntropy'
  | 'meanLoss'
  | 'squareSum'
  | 'softmaxGradient'
  | 'activateGradient'
  | 'linearInputGradient'
  | 'linearWeightGradient'
  | 'linearBiasGradient'
  | 'l2'
  | 'update'
  | 'denseForward'
  | 'denseLoss'
  | 'denseBackward'
  | 'updateAll';

/**
 * What a value is to the program, which decides where it lives.
 *
 * - `data`: the data set and the row order, shared by all members
 * - `batch`: the rows of one step, shared by all members
 * - `numbers`: what each step reads of its member's optimiser
 * - `parameter`, `state`, `gradient`: what training changes, what its optimiser remembers, and by what it changes
 * - `activation`: a step's intermediate
 * - `result`: read back by the host
 */
export type Role = 'data' | 'batch' | 'numbers' | 'parameter' | 'state' | 'gradient' | 'activation' | 'result';

/** A matrix in a program; a vector is a matrix of one row. */
export interface Value {
  readonly name: string;
  readonly role: Role;
  readonly rows: number;
  readonly columns: number;
}

/** A node of a program, which becomes one dispatch. A value that is both input and output is changed in place. */
export interface Operation {
  readonly kind: OperationKind;
  /** Reads like `dense2 weight gradient`; the label of every GPU object made for the operation. */
  readonly label: string;
  readonly phase: Phase;
  /** The layer's index from 0, or undefined for operations of no layer. */
  readonly layer: number | undefined;
  /** The kernel's binding names, each with the name of the value bound there, or of a role for all its values. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Switches, numbers and parts of the kernel: its override constants of the same names. */
  readonly flags?: Readonly<Record<string, boolean | number | string>>;
}

/** Operations in execution order and the values that they name. */
export interface Program {
  readonly name: string;
  /** Networks computed together; all but the shared values exist once for each. */
  readonly members: number;
  readonly values: ReadonlyMap<string, Value>;
  readonly operations: readonly Operation[];
}

const OWN_ROLES: readonly Role[] = ['batch', 'activation', 'result'];

/** Collects the values and operations of a program while it is lowered. */
export class ProgramBuilder {
  readonly #values = new Map<string, Value>();
  readonly #operations: Operation[] = [];
  readonly #scope: string;

  /** @param scope begins the names of the program's own values: its batch, activations and results */
  constructor(scope: string) {
    this.#scope = scope;
  }

  /** Declares a value and returns its full name; declaring it again is allowed with the same shape. */
  value(local: string, role: Role, rows: number, columns: number): string {
    const name = OWN_ROLES.includes(role) ? this.#scope + local : local;
    const known = this.#values.get(name);
    if (known && (known.role !== role || known.rows !== rows || known.columns !== columns)) {
      throw new Error(`${name} is declared twice, as [${known.rows}, ${known.columns}] and as [${rows}, ${columns}]`);
    }
    this.#values.set(name, { name, role, rows, columns });
    return name;
  }

  add(operation: Operation): void {
    this.#operations.push(operation);
  }

  build(name: string, members: number): Program {
    return { name, members, values: this.#values, operations: this.#operations };
  }
}
