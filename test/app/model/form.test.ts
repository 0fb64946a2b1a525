// The form: typing never loses the last good settings.

import { expect, test } from 'vitest';
import { heightOf, widthAfterKey, widthOf } from '../../../src/app/model/diagram-geometry';
import { ModelForm } from '../../../src/app/model/form';
import { readLink } from '../../../src/app/model/link';
import { TUTORIAL } from '../../../src/app/model/settings';

test('the settings follow good text and keep their last good value under bad text', () => {
  const form = new ModelForm(readLink(''));
  form.edit('learningRate', '0.5');
  expect(form.settings.value).toEqual({ ...TUTORIAL, learningRate: 0.5 });
  form.edit('learningRate', '0.5x');
  expect(form.drafts.learningRate.value.text).toBe('0.5x');
  expect(form.settings.value.learningRate).toBe(0.5);
  expect(form.faulty.value).toEqual(['learningRate']);
  form.edit('layers', '10000');
  expect(form.settings.value.layers).toEqual(TUTORIAL.layers);
  form.set(TUTORIAL);
  expect(form.faulty.value).toEqual([]);
  expect(form.drafts.layers.value).toEqual({ text: '48, 32' });
});

test('what a link got wrong is told until the field is edited', () => {
  const form = new ModelForm(readLink('?lr=abc'));
  const { text, note, problem } = form.drafts.learningRate.value;
  expect(text).toBe('0.2');
  expect(note).toContain('“abc”');
  expect(problem).toBeUndefined();
  expect(form.faulty.value).toEqual([]);
  form.edit('learningRate', '0.3');
  expect(form.drafts.learningRate.value).toEqual({ text: '0.3' });
});

test('a layer dragged to a height has the width that is drawn at that height', () => {
  for (const widest of [10, 64, 4096]) {
    for (let width = 1; width <= widest; width += Math.ceil(widest / 50)) {
      expect(widthOf(heightOf(width, widest), widest, 4096)).toBe(width);
    }
  }
  expect(widthOf(-50, 64, 4096)).toBe(1);
  expect(widthOf(1e6, 64, 4096)).toBe(4096);
});

test('keys widen and narrow a layer, within its limits', () => {
  expect(widthAfterKey('ArrowUp', 48, 4096)).toBe(49);
  expect(widthAfterKey('PageDown', 48, 4096)).toBe(40);
  expect(widthAfterKey('PageDown', 3, 4096)).toBe(1);
  expect(widthAfterKey('End', 48, 4096)).toBe(4096);
  expect(widthAfterKey('ArrowRight', 4096, 4096)).toBe(4096);
  expect(widthAfterKey('a', 48, 4096)).toBeUndefined();
});
