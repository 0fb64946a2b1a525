// The form: typing never loses the last good settings.

import { expect, test } from 'vitest';
import { heightOf, widthAfterKey, widthOf } from '../../../src/app/model/diagram-geometry';
import { ModelForm } from '../../../src/app/model/form';
import { readLink } from '../../../src/app/model/link';
import { TUTORIAL } from '../../../src/experiment/read';

test('the settings follow good text and keep their last good value under bad text', () => {
  const form = new ModelForm(readLink(''));
  form.edit('lr', '0.5');
  expect(form.settings.value).toEqual({ ...TUTORIAL, lr: 0.5 });
  form.edit('lr', '0.5x');
  expect(form.draft('lr').text).toBe('0.5x');
  expect(form.settings.value.lr).toBe(0.5);
  expect(form.faulty.value).toEqual(['lr']);
  form.edit('layers', '10000');
  expect(form.settings.value.layers).toEqual(TUTORIAL.layers);
  form.set(TUTORIAL);
  expect(form.faulty.value).toEqual([]);
  expect(form.draft('layers')).toEqual({ text: '48, 32' });
});

test('what a link got wrong is told until the field is edited', () => {
  const form = new ModelForm(readLink('?lr=abc'));
  const { text, note, problem } = form.draft('lr');
  expect(text).toBe('0.2');
  expect(note).toContain('"abc"');
  expect(problem).toBeUndefined();
  expect(form.faulty.value).toEqual([]);
  form.edit('lr', '0.3');
  expect(form.draft('lr')).toEqual({ text: '0.3' });
});

test('another optimiser brings its own numbers at their initial values, and takes those of the last one away', () => {
  const form = new ModelForm(readLink('?lr=0.7&momentum=0.5&l2=0.1'));
  form.edit('optimiser', 'adam');
  expect(form.settings.value).toMatchObject({ optimiser: 'adam', lr: 0.001, beta1: 0.9, l2: 0.1 });
  expect(form.settings.value['momentum']).toBeUndefined();
  expect([form.draft('lr').text, form.draft('beta2').text]).toEqual(['0.001', '0.999']);
  form.edit('beta1', '2');
  expect(form.faulty.value).toEqual(['beta1']);
  form.edit('optimiser', 'sgd');
  expect(form.faulty.value).toEqual([]);
  expect(form.settings.value).toMatchObject({ lr: 0.2, momentum: 0.9 });
  expect(form.draft('momentum')).toEqual({ text: '0.9' });
});

test('the activation is asked for as long as a layer names none', () => {
  const form = new ModelForm(readLink('?layers=8&activation=relu'));
  form.edit('layers', '8:tanh');
  expect(form.settings.value.activation).toBeUndefined();
  form.edit('layers', '8:tanh,4');
  expect(form.settings.value.activation).toBe('relu');
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
