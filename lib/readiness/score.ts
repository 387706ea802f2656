import type { Status } from './check';

/** What a score is made of. */
interface Weighed {
  readonly status: Status;
  readonly weight: number;
}

/** A score and its derivation. */
export interface Score {
  /** 0 to 10, in tenths, rounded down: 10 × passed / (passed + failed + not seen). */
  readonly score: number;
  /** The score if everything that was not seen were as it should be. */
  readonly atBest: number;
  /** Sums of the weights. */
  readonly weights: Readonly<Record<'passed' | 'failed' | 'notSeen', number>>;
}

/** Scores checks. What is not applicable does not count; what was not seen counts like what failed. */
export function scoreOf(checks: readonly Weighed[]): Score {
  const sum = (status: Status) => checks.reduce((total, each) => total + (each.status === status ? each.weight : 0), 0);
  const weights = { passed: sum('passed'), failed: sum('failed'), notSeen: sum('not seen') };
  const counted = weights.passed + weights.failed + weights.notSeen;
  const tenths = (passed: number) => (counted === 0 ? 0 : Math.floor((100 * passed) / counted) / 10);
  return { score: tenths(weights.passed), atBest: tenths(weights.passed + weights.notSeen), weights };
}
