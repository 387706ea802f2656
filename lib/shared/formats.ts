/** How numbers are written for people, in reports, tables and on the console. Exact durations: ./duration. */

/** A measured number with about three significant digits: `0.24`, `29.7`, `593`, `13,398`. */
export function formatFigure(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : formatCount(value);
}

/** A whole number with separators of thousands: `2,087`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 });
}

/** A ratio, without the word or sign after it: `9.0`, `81.4`, `2,087`. */
export function formatRatio(ratio: number): string {
  return ratio < 100 ? ratio.toFixed(1) : formatCount(ratio);
}

/**
 * A measured time: `5.3 s`.
 * @param digits after the decimal point; default 1
 */
export function formatSeconds(seconds: number, digits = 1): string {
  return `${seconds.toFixed(digits)} s`;
}

/** A measured time, given in milliseconds: `0.24 ms`, `593 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  return `${formatFigure(milliseconds)} ms`;
}

/** A measured time in minutes, given in seconds: `5.2 min`. */
export function formatMinutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}

/** An amount of memory in binary units: `0.3 MiB`, `1.3 GiB`. */
export function formatMemory(bytes: number): string {
  const [MIB, GIB] = [1024 ** 2, 1024 ** 3];
  return bytes < GIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}

/** An amount of data in decimal gigabytes, as disks and the command line state it: `1.25 GB`. */
export function formatGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** US dollars to the cent: `$5.41`, `$1,204.00`. */
export function formatDollars(dollars: number): string {
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
