// Emission: a WgslModule as the text of a JavaScript module.
//
// A shader's code under a condition differs in few lines from that without. It is written as slices of
// the other with what is new between them, so that a bundle does not hold nearly the same text twice.

import type { WgslModule } from './module.js';

/** The JavaScript whose default export is the module. */
export function moduleText({ code, codeIf, ...rest }: WgslModule): string {
  const variants = Object.entries(codeIf).map(([name, text]) => `${JSON.stringify(name)}: ${difference(code, text)}`);
  return [
    `const code = ${JSON.stringify(code)};`,
    `export default { ...${JSON.stringify(rest)}, code, codeIf: { ${variants.join(', ')} } };`,
    '',
  ].join('\n');
}

/** An expression that makes `text` out of the constant `code`. */
function difference(code: string, text: string): string {
  const parts: string[] = [];
  let added = '';
  let kept: { begin: number; end: number } | undefined;
  const flush = () => {
    if (kept) parts.push(`code.slice(${kept.begin}, ${kept.end})`);
    if (added) parts.push(JSON.stringify(added));
    kept = undefined;
    added = '';
  };
  for (const { line, place } of alignment(code, text)) {
    if (place === undefined) {
      added += line;
    } else if (kept && !added && kept.end === place) {
      kept.end += line.length;
    } else {
      flush();
      kept = { begin: place, end: place + line.length };
    }
  }
  flush();
  return parts.length > 0 ? parts.join(' + ') : '""';
}

/** The lines of `text`, each with the place of the line of `code` that it is, where the two have a line in common. */
function alignment(code: string, text: string): { line: string; place: number | undefined }[] {
  const [a, b] = [linesOf(code), linesOf(text)];
  // lengths[i][j]: lines in common of a from i on and b from j on, at most.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const aligned: { line: string; place: number | undefined }[] = [];
  let [i, place] = [0, 0];
  for (let j = 0; j < b.length; ) {
    if (i < a.length && a[i] === b[j]) {
      aligned.push({ line: b[j]!, place });
      place += a[i]!.length;
      i++;
      j++;
    } else if (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!) {
      place += a[i]!.length;
      i++;
    } else {
      aligned.push({ line: b[j]!, place: undefined });
      j++;
    }
  }
  return aligned;
}

/** The lines of a text, each with its line break. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}
