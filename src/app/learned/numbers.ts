// Numbers as the lab's panels show them.

/** A probability or share, one decimal: `21.4%`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)}%` : '–';
}

/** A number of any size in few characters: `0.0312`, `−1.25`, `3.1e−6`. */
export function formatSmall(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text = size < 1e-3 || size >= 1e4 ? value.toExponential(1) : value.toPrecision(digits);
  return text.replace(/-/g, '−');
}

/** A setting that somebody chose, three digits, no zeros at the end: `0.01`, `0.599`. */
export function formatSetting(value: number): string {
  return String(Number(value.toPrecision(3)));
}
