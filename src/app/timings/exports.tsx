// Exports: the recording as files, and on the browser's own performance panel.

import { useSignal } from '@preact/signals';
import { formatCount } from '../../base/units';
import { devtoolsEntries, emitDevtoolsEntries } from '../../profile/devtools';
import { type Recording, writeRecording } from '../../profile/recording';
import { csvOf, markdownOf } from '../../profile/tables';
import { traceOf } from '../../profile/trace';
import { download } from '../curves/picture';
import type { Timings } from './timings';

/** A file that the recording becomes. */
interface ExportedFile {
  readonly button: string;
  readonly name: string;
  readonly type: string;
  readonly textOf: (recording: Recording) => string;
}

const FILES: readonly ExportedFile[] = [
  { button: 'Recording', name: 'underglass-recording.json', type: 'application/json', textOf: writeRecording },
  {
    button: 'Trace',
    name: 'underglass-trace.json',
    type: 'application/json',
    textOf: (recording) => `${JSON.stringify(traceOf(recording))}\n`,
  },
  { button: 'CSV', name: 'underglass-timings.csv', type: 'text/csv', textOf: csvOf },
  { button: 'Markdown', name: 'underglass-timings.md', type: 'text/markdown', textOf: markdownOf },
];

/** Buttons, and what each file is for. */
export function Exports({ timings, recording }: { readonly timings: Timings; readonly recording: Recording }) {
  const emitted = useSignal<number | undefined>(undefined);
  const stamped = recording.clock.kind === 'stamps';
  const emit = () => {
    const { originMs } = timings.recorded.peek()!;
    emitted.value = showInDevtools(recording, originMs - performance.timeOrigin);
  };
  return (
    <section class="exports" aria-labelledby="exports-title">
      <h3 id="exports-title">Take it along</h3>
      <div class="buttons">
        {FILES.map(({ button, name, type, textOf }) => (
          <button
            key={name}
            type="button"
            class="secondary"
            title={name}
            onClick={() => download(name, new Blob([textOf(recording)], { type }))}
          >
            {button}
          </button>
        ))}
        <button type="button" class="secondary" disabled={!stamped} onClick={emit}>
          Show in DevTools
        </button>
      </div>
      <p class="note">
        The recording opens here again and with <code>underglass profile --compare</code>. The trace opens in
        speedscope, or{' '}
        <a href="https://ui.perfetto.dev" target="_blank" rel="noreferrer">
          open Perfetto
        </a>{' '}
        and drop the file there: it is read in the browser and stays on this machine. DevTools: record in its
        Performance panel while this trains, press the button, stop; the passes are on a track named “GPU passes”.
      </p>
      <p class="note" role="status">
        {emitted.value !== undefined && `${formatCount(emitted.value)} passes of the latest submits are on the track.`}
      </p>
    </section>
  );
}

/** Submits whose passes are put there: more would block the page for long. */
const SHOWN_SUBMITS = 96;

/** Puts the passes of the latest submits on the performance panel's track. @returns how many they are */
function showInDevtools(recording: Recording, originMs: number): number {
  const entries = devtoolsEntries({ ...recording, timeline: recording.timeline.slice(-SHOWN_SUBMITS) }, originMs);
  for (const name of new Set(entries.map((entry) => entry.name))) performance.clearMeasures(name);
  emitDevtoolsEntries(entries, performance);
  return entries.length;
}
