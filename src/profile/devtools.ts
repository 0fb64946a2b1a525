// Entries for the browser's own performance panel: GPU passes on a track beside the page's.
//
// The panel shows `performance.measure` entries whose `detail.devtools` names a track (Chrome's extensibility API).

import type { Recording } from './recording';

/** The arguments of one `performance.measure`. */
export interface DevtoolsEntry {
  readonly name: string;
  /** In ms on the clock of `performance.now()`. */
  readonly start: number;
  readonly end: number;
  readonly detail: {
    readonly devtools: {
      readonly dataType: 'track-entry';
      readonly track: string;
      readonly trackGroup: string;
      readonly color: 'primary' | 'secondary' | 'tertiary';
      readonly properties: readonly (readonly [string, string])[];
      readonly tooltipText: string;
    };
  };
}

const COLORS = { forward: 'primary', backward: 'secondary', update: 'tertiary', evaluation: 'primary' } as const;

/**
 * The recording's passes as entries of the performance panel.
 *
 * @param originMs when the recording began, on the clock of `performance.now()`
 */
export function devtoolsEntries({ timeline, operations }: Recording, originMs: number): DevtoolsEntry[] {
  return timeline.flatMap(({ passes }) =>
    passes.map(({ name, operation: index, beginUs, endUs }): DevtoolsEntry => {
      const operation = index === null ? undefined : operations[index];
      const properties: (readonly [string, string])[] = operation
        ? [
            ['kernel', operation.kind],
            ['variant', operation.variant],
            ['grid', operation.grid.join(' x ')],
            ['workgroup size', operation.workgroup.join(' x ')],
            ['FLOPs', String(operation.cost.flops)],
            ['bytes read', String(operation.cost.bytesRead)],
            ['bytes written', String(operation.cost.bytesWritten)],
          ]
        : [];
      return {
        name,
        start: originMs + beginUs / 1000,
        end: originMs + endUs / 1000,
        detail: {
          devtools: {
            dataType: 'track-entry',
            track: 'GPU passes',
            trackGroup: 'Underglass',
            color: operation ? COLORS[operation.phase] : 'primary',
            properties,
            tooltipText: name,
          },
        },
      };
    }),
  );
}

/** Hands entries to the browser. */
export function emitDevtoolsEntries(entries: readonly DevtoolsEntry[], timer: Pick<Performance, 'measure'>): void {
  for (const { name, start, end, detail } of entries) {
    timer.measure(name, { start, end, detail });
  }
}
