import { indexFaults } from '../benchmark/goals';
import { moveFailures } from '../move-rehearsal/report';
import { isProven } from './alarms/alarm-proof';
import { careFailures } from './care/care-report';
import { failoverFailures } from './failover/failover-report';
import { poolingFailures } from './pooling/pooling-report';
import { readinessFailures } from './readiness/readiness-report';
import type { RehearsalResults } from './report';
import { restoreFailures } from './restore/restore-report';

/** Ends a rehearsal that is to stop at the first step which finds something that does not hold. */
export class PromiseBroken extends Error {
  /** @param failures what does not hold, a sentence without a full stop for each; never empty */
  constructor(readonly failures: readonly string[]) {
    super(failures.join('\n'));
  }
}

/** The requirements that the results of a rehearsal do not meet, a sentence without a full stop for each. What has no result yet is left out. */
export function rehearsalFailures({
  migrations,
  speedUp,
  checks = [],
  privileges = [],
  logs,
  alarms = [],
  crossTalk = [],
  replayFaults = [],
  care,
  pooling,
  readiness,
  import: moved,
  failover,
  restore,
}: Partial<RehearsalResults>): string[] {
  return [
    ...(migrations?.length === 0 ? ['no migration was applied'] : []),
    ...(speedUp?.patterns ?? []).flatMap(indexFaults),
    ...checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`),
    ...privileges.flatMap(({ surprises }) => surprises),
    ...(logs?.hits ?? []).map(({ server, line, holds }) => `line ${line} of the log of ${server} holds a ${holds}`),
    ...alarms
      .filter((alarm) => alarm.provoked && !isProven(alarm))
      .map(({ alarm, transitions }) => `alarm ${alarm} went ${transitions.join(' → ')}; expected OK → ALARM → OK`),
    ...crossTalk
      .filter(({ why }) => why === undefined)
      .map(({ alarm, during }) => `alarm ${alarm} fired too during "${during}"; no scenario says that it may`),
    ...replayFaults,
    ...(care ? careFailures(care) : []),
    ...(pooling ? poolingFailures(pooling) : []),
    ...(readiness ? readinessFailures(readiness) : []),
    ...(moved ? moveFailures(moved) : []),
    ...(failover ? failoverFailures(failover) : []),
    ...(restore ? restoreFailures(restore) : []),
  ];
}
