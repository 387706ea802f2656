import type { AlarmState } from '../alarm-evaluator';
import type { Cluster } from '../postgres/cluster';
import type { AlarmProof } from '../report';

/** A clock of minutes: the collector and the alarms run once in each. */
export interface Minutes {
  /** Lets a minute pass; returns every alarm's state after it. */
  readonly pass: () => Promise<Record<string, AlarmState>>;
  /** The states that an alarm has gone through. */
  readonly transitions: (alarm: string) => AlarmState[];
}

/** Minutes within which the alarm must change its state, in either direction. */
const PATIENCE_MINUTES = 10;

/** Kills the primary, waits for the alarm, starts the primary again, waits for the all-clear. */
export async function proveServerDown(cluster: Cluster, minutes: Minutes, environment: string): Promise<AlarmProof> {
  const alarm = `${environment}-PostgreSQLDown-${cluster.primary.name}`;
  await until(minutes, alarm, 'OK');
  const start = Date.now();
  await cluster.primary.kill();
  const minutesToAlarm = await until(minutes, alarm, 'ALARM');
  await cluster.primary.start();
  const minutesToClear = await until(minutes, alarm, 'OK');
  return {
    name: 'PostgreSQLDown',
    alarm,
    provoked: true,
    fault: 'the primary was killed (SIGKILL) and started again',
    transitions: minutes.transitions(alarm),
    seconds: (Date.now() - start) / 1000,
    alarmSeconds: (minutesToAlarm + minutesToClear) * 60,
  };
}

/** Lets minutes pass until the alarm has the state, or patience ends: the transitions tell which. */
async function until(minutes: Minutes, alarm: string, state: AlarmState): Promise<number> {
  for (let passed = 1; passed <= PATIENCE_MINUTES; passed++) {
    const states = await minutes.pass();
    if (!(alarm in states)) throw new Error(`the assembly has no alarm ${alarm}; it has ${Object.keys(states).join(', ')}`);
    if (states[alarm] === state) return passed;
  }
  return PATIENCE_MINUTES;
}
