import type { AnalyticsFigures } from '../analytics';
import type { OriginalFigures, PassFigures } from '../collector';
import type { SideFigures } from '../clients/measure';

/** A pattern's figures. `medianMs` is one client's, `p95Ms` that of ten. */
export interface PatternReport {
  readonly name: string;
  readonly before: SideFigures;
  readonly after: SideFigures;
  readonly ratioMedian: number;
  readonly ratioP95: number;
  /** The index meant that the plan after the migrations reads; undefined: it reads none of them. */
  readonly index: string | undefined;
}

/** Bytes of a table. */
export interface TableSize {
  readonly tableBytes: number;
  readonly indexBytes: number;
}

/** The collector's pass beside the original queries. */
export interface CollectorReport extends PassFigures {
  readonly originalMs: number;
  /** originalMs / passMs: a minute's pass on average. */
  readonly ratio: number;
  readonly original: OriginalFigures;
  /** Rows of the queries' windows while they ran. */
  readonly windows: Record<string, number>;
}

/** What bench.json holds. */
export interface BenchReport {
  readonly scale: number;
  readonly postgres: string;
  readonly machine: { readonly cpus: number; readonly memoryGiB: number; readonly node: string };
  /** Settings of the server that decide. */
  readonly settings: Record<string, string>;
  /** Rows of each table. */
  readonly rows: Record<string, number>;
  readonly sizes: { readonly before: Record<string, TableSize>; readonly after: Record<string, TableSize> };
  readonly patterns: PatternReport[];
  /** Other shapes of patterns, not judged. */
  readonly variants: PatternReport[];
  /** What no query can beat: SELECT 1, and a row by its primary key, after the migrations. */
  readonly floor: { readonly selectOne: SideFigures; readonly primaryKey: SideFigures };
  readonly analytics: AnalyticsFigures[];
  readonly collector?: CollectorReport;
  readonly seconds: { readonly loading: number; readonly all: number };
  /** Goals that were missed, a sentence each; undefined: not judged at this scale. */
  readonly missed?: string[];
}
