import { moveFailures, summarizeMove } from '../move-rehearsal/report';
import { formatMemory, formatMilliseconds, formatRatio, formatSeconds } from '../shared/formats';
import { isProven } from './alarms/alarm-proof';
import { careFailures, summarizeCare } from './care/care-report';
import { failoverFailures, summarizeFailover } from './failover/failover-report';
import { poolingFailures, summarizePooling } from './pooling/pooling-report';
import { readinessFailures, summarizeReadiness } from './readiness/readiness-report';
import type { RehearsalReport } from './report';
import { restoreFailures, summarizeRestore } from './restore/restore-report';

/** The report for the console, a line for each result. */
export function summarize(report: RehearsalReport): string[] {
  const mark = (ok: boolean) => (ok ? 'ok    ' : 'FAILED');
  const { cluster, parameters, migrations, speedUp, alarms } = report;
  return [
    `PostgreSQL ${report.postgres}: primary and ${cluster.replicas.length} replica(s) in ${formatSeconds(cluster.secondsToReady)}, with ${parameters.applied} parameters of the synthesized group`,
    `${migrations.length} migrations applied, ${migrations[0]} to ${migrations.at(-1)}`,
    ...report.checks.map(({ name, ok, detail }) => `${mark(ok)} ${name}: ${detail}`),
    summarizePrivileges(report.privileges),
    `${mark(report.logs.hits.length === 0)} ${report.logs.statements} statements with planted passwords, tokens, phone numbers and texts: ${report.logs.hits.length} of ${report.logs.lines} log lines of ${report.logs.servers.length} servers hold one, or a password of this run`,
    ...speedUp.patterns.map(
      ({ name, beforeMs, afterMs, ratio, index }) =>
        `${mark(index !== undefined)} ${name}: ${formatMilliseconds(beforeMs)} before the migrations, ${formatMilliseconds(afterMs)} after them (${formatRatio(ratio)} times) by ${index ?? 'none of the intended indexes'}, at scale ${speedUp.scale}`,
    ),
    ...alarms
      .filter((proof) => proof.provoked || !isProven(proof))
      .map(
        (proof) =>
          `${mark(isProven(proof))} ${proof.alarm}: ${proof.transitions.join(' → ')}; ${proof.fault}; ${formatSeconds(proof.seconds)} here, ${proof.alarmSeconds} s of CloudWatch's clock`,
      ),
    ...report.crossTalk.map(
      ({ alarm, during, why }) =>
        `${mark(why !== undefined)} ${alarm} fired too during "${during}": ${why ?? 'no scenario says that it may'}`,
    ),
    summarizeReplays(report),
    `${mark(careFailures(report.care).length === 0)} ${summarizeCare(report.care)}`,
    report.pooling
      ? `${mark(poolingFailures(report.pooling).length === 0)} ${summarizePooling(report.pooling)}`
      : 'PgBouncer is not installed, so pooling was not measured',
    `${mark(readinessFailures(report.readiness).length === 0)} ${summarizeReadiness(report.readiness)}`,
    report.import
      ? `${mark(moveFailures(report.import).length === 0)} ${summarizeMove(report.import)}`
      : `${report.environment} has no replicas, so no database was moved in`,
    report.failover
      ? `${mark(failoverFailures(report.failover).length === 0)} ${summarizeFailover(report.failover)}`
      : `${report.environment} has no replicas, so none was promoted`,
    report.restore
      ? `${mark(restoreFailures(report.restore).length === 0)} ${summarizeRestore(report.restore)}`
      : `${report.environment} has no restore drills, so none was rehearsed`,
    summarizeUse(report),
    report.ok
      ? `${report.environment} holds what it promises here`
      : `${report.environment} does not hold: ${report.failures.join('; ')}`,
  ];
}

function summarizePrivileges(privileges: RehearsalReport['privileges']): string {
  const surprises = privileges.flatMap((action) => action.surprises);
  const outcomes = privileges.flatMap((action) => Object.values(action.outcomes));
  const allowed = outcomes.filter((outcome) => outcome === 'allowed').length;
  return surprises.length === 0
    ? `ok     ${privileges.length} actions tried as ${outcomes.length / privileges.length} roles: ${allowed} allowed, ${outcomes.length - allowed} refused, each as in lib/rehearsal/privileges/ROLES.md`
    : `FAILED ${surprises.length} of ${outcomes.length} tried actions of roles had another outcome than expected`;
}

function summarizeReplays({ alarms, alarmsNotProven, eventRules, replayFaults }: RehearsalReport): string {
  const provoked = alarms.filter((proof) => proof.provoked && isProven(proof)).length;
  const replayed = alarms.filter((proof) => !proof.provoked && isProven(proof)).length;
  const events = eventRules.reduce((sum, { matched, refused }) => sum + matched + refused, 0);
  return `${replayFaults.length === 0 ? 'ok    ' : 'FAILED'} ${provoked} alarms proven by real faults and ${replayed} by values published in place of those of AWS, the inspector or the collector, each just above and just below its threshold and followed to its topics; ${eventRules.length} event rules against ${events} sample events and look-alikes${alarmsNotProven.length > 0 ? `; not proven, because the configuration overrides them: ${alarmsNotProven.join(', ')}` : ''}`;
}

function summarizeUse({ steps, resources }: RehearsalReport): string {
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = [...steps].sort((a, b) => b.seconds - a.seconds).slice(0, 3);
  return `${formatSeconds(total, 0)}, of which ${longest.map(({ name, seconds }) => `${name} ${formatSeconds(seconds, 0)}`).join(', ')}; at most ${formatMemory(resources.memoryBytes)} of memory and ${formatMemory(resources.diskBytes)} of disk`;
}
