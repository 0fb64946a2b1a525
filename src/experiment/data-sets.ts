// The data sets that are known by name, and what there is to know of each before it is loaded.

/** The shape of a data set. */
interface DataSet {
  /** For people. */
  readonly label: string;
  /** In one short sentence. */
  readonly hint: string;
  readonly inputs: number;
  readonly classes: number;
  /** Rows of the training set. */
  readonly trainRows: number;
}

export const dataSets = {
  digits: {
    label: 'Digits',
    hint: '1,797 handwritten digits, 8×8 pixels each.',
    inputs: 64,
    classes: 10,
    trainRows: 721,
  },
} as const satisfies Record<string, DataSet>;

/** The name of a data set. */
export type DataName = keyof typeof dataSets;

/** The shape of the data set of that name. */
export function dataSet(name: DataName): DataSet {
  return dataSets[name];
}
