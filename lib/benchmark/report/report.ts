import type { AnalyticsFigures } from '../analytics';
import type { OriginalFigures, PassFigures } from '../collector';
import type { IsolationFigures } from '../tenant-isolation';
import type { SideFigures } from '../clients/measure';
import type { Gains } from '../gains';
import type { LoadReport } from '../load/measure-load';

/** Figures of a pattern. `medianMs` is for one client, `p95Ms` for ten. */
export interface PatternReport extends Gains {
  readonly name: string;
  readonly before: SideFigures;
  readonly after: SideFigures;
  /** The intended index that the plan after the migrations reads; undefined: it reads none of them. */
  readonly index: string | undefined;
  /** Conditions by which the plan after the migrations reads its indexes. */
  readonly conditions: readonly string[];
}

/** Bytes of a table. */
export interface TableSize {
  readonly tableBytes: number;
  readonly indexBytes: number;
}

/** The collector's pass compared with the original queries. */
export interface CollectorReport extends PassFigures {
  /** Median of the original queries together, ms. */
  readonly originalMs: number;
  /** originalMs / passMs. */
  readonly ratio: number;
  readonly original: OriginalFigures;
  /** Rows of the queries' windows while they ran. */
  readonly windows: Record<string, number>;
}

/** Content of bench.json. */
export interface BenchReport {
  readonly scale: number;
  readonly postgres: string;
  readonly machine: { readonly cpus: number; readonly memoryGiB: number; readonly node: string };
  /** Settings of the server that decide how fast a query is. */
  readonly settings: Record<string, string>;
  /** Rows of each table. */
  readonly rows: Record<string, number>;
  readonly sizes: { readonly before: Record<string, TableSize>; readonly after: Record<string, TableSize> };
  readonly patterns: PatternReport[];
  /** Variants of patterns, for which no goal applies. */
  readonly variants: PatternReport[];
  /** Lower bounds, measured after the migrations: SELECT 1, and reading one row by its primary key. */
  readonly floor: { readonly selectOne: SideFigures; readonly primaryKey: SideFigures };
  readonly analytics: AnalyticsFigures[];
  readonly collector?: CollectorReport;
  /** The load that both databases carry; undefined: not measured. */
  readonly load?: LoadReport;
  /** What the optional row-level security costs; undefined: not measured. */
  readonly tenantIsolation?: IsolationFigures[];
  readonly seconds: { readonly loading: number; readonly all: number };
  /** A sentence for each goal that was missed; undefined: no goal applies at this scale. */
  readonly missed?: string[];
}
