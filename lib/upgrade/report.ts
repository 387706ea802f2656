import { moveFailures, type MoveReport, summarizeMove } from '../move-rehearsal/report';
import { formatSeconds } from '../shared/formats';
import type { PlanDifference } from './compare-plans';
import type { ValueDifference } from './compare-values';

/** Content of upgrade.json. */
export interface UpgradeReport {
  readonly environment: string;
  /** Versions of PostgreSQL, such as `15.18`. */
  readonly from: string;
  readonly to: string;
  /** Names of the migrations that the new version has run. */
  readonly migrations: readonly string[];
  readonly move: MoveReport;
  /** Queries of the application that were compared. */
  readonly queries: number;
  readonly planDifferences: readonly PlanDifference[];
  /** Metrics of the collector that were compared. */
  readonly metrics: number;
  readonly valueDifferences: readonly ValueDifference[];
  /** Queries of the collector that failed on the new version. */
  readonly failedQueries: number;
  /** What nothing here can show. */
  readonly notRehearsed: readonly string[];
  readonly failures: readonly string[];
  readonly ok: boolean;
}

/** An upgrade without its verdict. */
export type UpgradeResults = Omit<UpgradeReport, 'failures' | 'ok' | 'notRehearsed'>;

const NOT_REHEARSED = [
  'blue/green deployments of RDS, and its own upgrade in place',
  'extensions and parameters that exist on RDS only, and the parameter group of the new family',
  'RDS Proxy and the replicas on the new version',
];

/** Adds the verdict: rows, downtime and checksums as an import promises, every metric, and no query that lost its index. */
export function withVerdict(results: UpgradeResults): UpgradeReport {
  const failures = upgradeFailures(results);
  return { ...results, notRehearsed: NOT_REHEARSED, failures, ok: failures.length === 0 };
}

function upgradeFailures({
  to,
  move,
  migrations,
  planDifferences,
  valueDifferences,
  failedQueries,
}: UpgradeResults): string[] {
  const worse = planDifferences.filter(({ isWorse }) => isWorse);
  const missing = valueDifferences.filter(({ isMissing }) => isMissing);
  return [
    ...(migrations.length === 0 ? [`no migration was applied on ${to}`] : []),
    ...moveFailures(move),
    ...worse.map(({ query, after }) => `${query} reads none of its indexes on ${to}: ${after}`),
    ...missing.map(({ metric, before }) => `${metric} is not published on ${to}; before: ${before}`),
    ...(failedQueries > 0 ? [`${failedQueries} queries of the collector fail on ${to}`] : []),
  ];
}

/** The report for the console, a line for each result. */
export function summarizeUpgrade(report: UpgradeReport): string[] {
  const { from, to, move, planDifferences, valueDifferences } = report;
  return [
    `PostgreSQL ${from} to ${to} with ${report.migrations.length} migrations`,
    summarizeMove(move),
    `${report.queries - planDifferences.length} of ${report.queries} queries of the application run by the same plan`,
    ...planDifferences.map(({ query, before, after }) => `  ${query}: ${before} before, ${after} after`),
    `${report.metrics - valueDifferences.length} of ${report.metrics} metrics of the collector have the same values; ${report.failedQueries} of its queries fail`,
    ...valueDifferences.map(({ metric, before, after }) => `  ${metric}: ${before} before, ${after} after`),
    `not rehearsed: ${report.notRehearsed.join('; ')}`,
    report.ok
      ? `the upgrade loses nothing here; writes stop for ${formatSeconds(move.downtimeSeconds)}`
      : `the upgrade does not hold: ${report.failures.join('; ')}`,
  ];
}
