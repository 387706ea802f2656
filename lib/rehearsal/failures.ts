import { indexFaults } from '../benchmark/goals';
import { isProven } from './alarms/alarm-proof';
import { failoverFailures } from './failover/failover-report';
import { poolingFailures } from './pooling/pooling-report';
import { readinessFailures } from './readiness/readiness-report';
import type { RehearsalResults } from './report';
import { restoreFailures } from './restore/restore-report';

/** The requirements that the results of a rehearsal do not meet, a sentence without a full stop for each. */
export function rehearsalFailures({
  migrations,
  speedUp,
  checks,
  privileges,
  logs,
  alarms,
  crossTalk,
  replayFaults,
  pooling,
  readiness,
  failover,
  restore,
}: RehearsalResults): string[] {
  return [
    ...(migrations.length === 0 ? ['no migration was applied'] : []),
    ...speedUp.patterns.flatMap(indexFaults),
    ...checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`),
    ...privileges.flatMap(({ surprises }) => surprises),
    ...logs.hits.map(({ server, line, holds }) => `line ${line} of the log of ${server} holds a ${holds}`),
    ...alarms
      .filter((alarm) => alarm.provoked && !isProven(alarm))
      .map(({ alarm, transitions }) => `alarm ${alarm} went ${transitions.join(' → ')}; expected OK → ALARM → OK`),
    ...crossTalk
      .filter(({ why }) => why === undefined)
      .map(({ alarm, during }) => `alarm ${alarm} fired too during "${during}"; no scenario says that it may`),
    ...replayFaults,
    ...(pooling ? poolingFailures(pooling) : []),
    ...readinessFailures(readiness),
    ...(failover ? failoverFailures(failover) : []),
    ...(restore ? restoreFailures(restore) : []),
  ];
}
