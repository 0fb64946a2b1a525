// Hidden layers as text: `48,32`, or `128:relu,64:tanh` where a layer names its activation, or `none`.

import { type Parser, parseNumber, refuse, refuseWord } from '../base/parsing';
import { type Activation, ACTIVATIONS } from '../index';

/** A hidden layer as it is asked for. */
export interface HiddenLayer {
  readonly width: number;
  /** That of the experiment where it is left out. */
  readonly activation?: Activation;
}

const EXPECTED = 'whole numbers of at least 1 with commas between, such as 48,32 or 128:relu,64:tanh, or none';

/** Layers with commas or spaces between; `none` or nothing makes a network without hidden layers. */
export function hiddenLayers(subject: string, expected = EXPECTED): Parser<readonly HiddenLayer[]> {
  return (text) => {
    const plain = text.trim();
    if (plain === '' || plain === 'none') return [];
    return plain.split(/\s*,\s*|\s+/).map((part) => {
      const [widthText = '', name, ...more] = part.split(':');
      const width = parseNumber(widthText);
      if (!Number.isSafeInteger(width) || width < 1 || more.length > 0) throw refuse(subject, text, expected);
      if (name === undefined) return { width };
      const activation = ACTIVATIONS.find((word) => word === name);
      if (activation === undefined) throw refuseWord(subject, text, name, ACTIVATIONS);
      return { width, activation };
    });
  };
}

/** The text that {@link hiddenLayers} reads as these layers. */
export function layersText(layers: readonly HiddenLayer[]): string {
  return layers.map(({ width, activation }) => (activation ? `${width}:${activation}` : width)).join(', ') || 'none';
}
