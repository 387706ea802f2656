import type { Readiness } from '../../readiness/assess';
import { AREAS } from '../../readiness/check';
import { type Score, scoreOf } from '../../readiness/score';

/** A scored database, without what passed. */
export interface ScoredDatabase extends Score {
  /** What failed, each as `name: what was seen`. */
  readonly failed: readonly string[];
  /** What could not be seen, which counts like what failed. */
  readonly notSeen: readonly string[];
  /** Weights of what passed, and of all that counts, of each area in which something counts. */
  readonly areas: readonly { readonly area: string; readonly points: number; readonly of: number }[];
}

/** The readiness of the database as it was found, and of the rehearsed one. */
export interface ReadinessReport {
  readonly before: ScoredDatabase;
  readonly after: ScoredDatabase;
  /** Version of PgBouncer, which stands in for RDS Proxy; null: it is not installed, so sessions are not pooled here. */
  readonly pooler: string | null;
}

/** The least score of the rehearsed database, of 10. */
const LEAST_SCORE = 8;

/** What the rehearsal's report keeps of a readiness. */
export function scored({ score, atBest, weights, checks }: Readiness): ScoredDatabase {
  const lines = (status: string) =>
    checks.filter((each) => each.status === status).map(({ name, found }) => `${name}: ${found}`);
  const areas = AREAS.map((area) => {
    const { passed: points, failed, notSeen } = scoreOf(checks.filter((each) => each.area === area)).weights;
    return { area, points, of: points + failed + notSeen };
  });
  return {
    score,
    atBest,
    weights,
    failed: lines('failed'),
    notSeen: lines('not seen'),
    areas: areas.filter(({ of }) => of > 0),
  };
}

/** The requirements on readiness that are not met, a sentence without a full stop for each. */
export function readinessFailures({ before, after }: ReadinessReport): string[] {
  const open = [...after.failed, ...after.notSeen].join('; ');
  return [
    ...(after.score < before.score
      ? [
          `the rehearsed database scores ${after.score} of 10 for readiness, less than the ${before.score} of the one that was found: ${open}`,
        ]
      : []),
    ...(after.score < LEAST_SCORE
      ? [`the rehearsed database scores ${after.score} of 10 for readiness; at least ${LEAST_SCORE} is wanted: ${open}`]
      : []),
  ];
}

/** One line for the console. */
export function summarizeReadiness({ before, after }: ReadinessReport): string {
  const names = after.failed.map((line) => line.split(':')[0]).join(', ');
  return `readiness ${before.score} of 10 as found, ${after.score} after the migrations on these servers${names === '' ? '' : ` (failed: ${names})`}`;
}
