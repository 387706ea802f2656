import { loadAlerts } from '../../../lib/monitoring/alerts';
import type { PostgresServer } from '../../../lib/local-postgres/server';
import { faultPhases } from '../../../lib/rehearsal/scenarios/phases';

/** The alerts of all scenarios of an environment with a number of replicas. */
function alertsOf(replicas: number): string[] {
  const servers = Array.from({ length: replicas }, (_, i) => ({ name: `replica-${i + 1}` }) as PostgresServer);
  const scenarios = faultPhases({ replicas: servers }).flatMap((phase) => phase.scenarios);
  return scenarios.flatMap(({ alarms }) => alarms.map(({ alert, server }) => (server ? `${alert} ${server}` : alert)));
}

test.each([0, 1, 2])('with %d replicas every scenario names alerts of alerts.yml', (replicas) => {
  const known = new Set(loadAlerts().map(({ name }) => name));
  const unknown = alertsOf(replicas).filter((alert) => !known.has(alert.split(' ')[0]!));
  expect(unknown).toEqual([]);
});

test.each([0, 1, 2])('with %d replicas no alarm is the subject of two scenarios', (replicas) => {
  const alerts = alertsOf(replicas);
  expect(alerts.filter((alert, i) => alerts.indexOf(alert) !== i)).toEqual([]);
});

test('faults of replicas are left out where there are none', () => {
  expect(alertsOf(0).filter((alert) => alert.includes('Replica'))).toEqual([]);
  expect(alertsOf(2)).toEqual(expect.arrayContaining(['PostgreSQLReplicaBroken', 'PostgreSQLDown replica-2']));
});
