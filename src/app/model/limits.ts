// What this page trains at most. The command line leaves that to the adapter; a page must stay usable whatever a link says.

import { quote } from '../../base/parsing';
import { formatCount } from '../../base/units';
import { parametersOf } from '../../experiment/build';
import type { HiddenLayer } from '../../experiment/layers';
import { readSettings, type Reader, type Reading, TUTORIAL } from '../../experiment/read';
import type { Settings, SettingValue, Texts } from '../../experiment/setting';

/** As many as the diagram can show. */
export const MOST_LAYERS = 8;
export const WIDEST_LAYER = 4096;
/** In float32, half of the 128 MiB that every WebGPU device can bind at once. */
const MOST_PARAMETERS = 2 ** 24;

/** Numbers that this page keeps within bounds, both of them allowed. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  lr: [0, 1e6],
  l2: [0, 1e6],
  epochs: [1, 100_000],
};

/** What is wrong with a value on this page, in one sentence; undefined where nothing is. */
export function pageLimit(name: string, value: SettingValue, settings: Settings = TUTORIAL): string | undefined {
  if (typeof value === 'object') return layersLimit(value, settings);
  const bounds = BOUNDS[name];
  if (!bounds || typeof value !== 'number' || (value >= bounds[0] && value <= bounds[1])) return undefined;
  const [least, most] = bounds.map(formatCount);
  return `${quote(String(value))} is out of this page’s range; use ${least} to ${most}.`;
}

/** Reads settings for this page: errors call them by their labels, and this page's limits hold. */
export function readOnPage(texts: Texts, subject: Reader['subject'] = ({ label }) => label): Reading {
  return readSettings(texts, { subject, limit: pageLimit });
}

/** Judged before anything is made of it: a network that is too large costs nothing but this sentence. */
function layersLimit(layers: readonly HiddenLayer[], settings: Settings): string | undefined {
  if (layers.length > MOST_LAYERS) {
    return `${formatCount(layers.length)} hidden layers are more than the ${MOST_LAYERS} that this page trains.`;
  }
  const widest = Math.max(0, ...layers.map(({ width }) => width));
  if (widest > WIDEST_LAYER) {
    return `A layer of ${formatCount(widest)} is too wide; this page trains up to ${formatCount(WIDEST_LAYER)}.`;
  }
  const count = parametersOf({ ...settings, layers });
  if (count <= MOST_PARAMETERS) return undefined;
  return `They make ${formatCount(count)} weights, above this page’s ${formatCount(MOST_PARAMETERS)}; make a layer narrower.`;
}
