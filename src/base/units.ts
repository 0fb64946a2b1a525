// Numbers as people read them: one format for each unit, used by the page and the command line alike.
//
// Always English notation (a decimal point, thousands in commas). A number that is not finite becomes a dash.

const DASH = '–';
const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A duration in milliseconds: `850 ms`, `4.2 s`, `1 min 03 s`, `2 h 05 min`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return DASH;
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  // Each limit is where the text of the smaller unit would round up to the larger one.
  if (milliseconds < 9.95) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} min`;
}

/** A time in microseconds, three digits: `9.50 ns`, `0.45 µs`, `12.3 µs`, `1.24 ms`, `2.50 s`. */
export function formatMicroseconds(microseconds: number): string {
  if (!Number.isFinite(microseconds)) return DASH;
  if (microseconds === 0) return '0 µs';
  const size = Math.abs(microseconds);
  if (size < 5e-6) return '< 0.01 ns';
  if (size < 0.00995) return `${threeDigits(microseconds * 1e3)} ns`;
  if (size < 999.5) return `${threeDigits(microseconds)} µs`;
  if (size < 999.5e3) return `${threeDigits(microseconds / 1e3)} ms`;
  return `${threeDigits(microseconds / 1e6)} s`;
}

const SI_PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** So much a second, three digits, in powers of 1000: 4.31e9 and `FLOP/s` are `4.31 GFLOP/s`. */
export function formatPerSecond(rate: number, unit: string): string {
  if (!Number.isFinite(rate)) return DASH;
  let value = rate;
  let prefix = 0;
  while (Math.abs(value) >= 999.5 && prefix < SI_PREFIXES.length - 1) {
    value /= 1000;
    prefix++;
  }
  return `${threeDigits(value)} ${SI_PREFIXES[prefix]}${unit}`.trimEnd();
}

const BYTE_UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size in bytes, in powers of 1024: `512 B`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return DASH;
  if (Math.abs(bytes) < 1023.5) return `${Math.round(bytes)} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (Math.abs(value) >= 1023.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** A count, to the nearest whole number: `70,000`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? COUNT.format(count === 0 ? 0 : count) : DASH;
}

/** A fraction of one as a percentage: 0.9596 is `95.96%`. */
export function formatPercent(fraction: number): string {
  return Number.isFinite(fraction) ? `${(fraction * 100).toFixed(2)}%` : DASH;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Three significant digits, without an exponent; below 0.01, two decimals. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}
