import type { SideFigures } from './clients/measure';
import { median } from './clients/statistics';

/** How many times as fast: the median of the turns, and the worst and the best turn. */
export interface Gain {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The gains of a pattern, and how far it is from the least that any query takes. */
export interface Gains {
  /** At the median of one client. */
  readonly gainMedian: Gain;
  /** At p95 of ten clients. */
  readonly gainP95: Gain;
  /** Time after the migrations, as a multiple of reading one row by its key in the same turns: at the median of one client, and at p95 of ten. */
  readonly floorMedian: number;
  readonly floorP95: number;
}

/** Compares the sides turn by turn, because both sides of a turn were disturbed alike. */
export function gainsOf(before: SideFigures, after: SideFigures, key: SideFigures): Gains {
  return {
    gainMedian: spread(ratios(before, after, 'medianMs')),
    gainP95: spread(ratios(before, after, 'p95Ms')),
    floorMedian: median(ratios(after, key, 'medianMs')),
    floorP95: median(ratios(after, key, 'p95Ms')),
  };
}

function ratios(over: SideFigures, under: SideFigures, figure: 'medianMs' | 'p95Ms'): number[] {
  return over.turns.map((turn, i) => turn[figure] / (under.turns[i]?.[figure] ?? NaN));
}

function spread(values: readonly number[]): Gain {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}
