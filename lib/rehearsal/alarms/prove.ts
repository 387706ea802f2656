import type { AlarmState, EvaluatedAlarm } from './alarm-evaluator';
import type { AlarmProof } from '../report';
import type { Repair, Scenario, Stage } from '../scenarios/scenario';
import type { Pace, StartCollector } from './watch';
import { Watch } from './watch';

/** Faults that can be looked at side by side, on one clock. */
export interface Phase {
  /** For progress lines, such as `replication`. */
  readonly name: string;
  readonly pace: Pace;
  readonly scenarios: readonly Scenario[];
}

/** What the proofs of one environment need. */
export interface ProofContext {
  readonly environment: string;
  readonly alarms: readonly EvaluatedAlarm[];
  readonly startCollector: StartCollector;
  readonly stage: Stage;
}

/** Collections beyond an alarm's own window within which it must change its state. */
const PATIENCE_STEPS = 15;

interface Running {
  readonly scenario: Scenario;
  readonly alarmNames: readonly string[];
  readonly repair: Repair;
  readonly started: number;
  readonly startedSeconds: number;
  repaired: boolean;
}

/**
 * Provokes the faults of a phase, one after another, watches all their alarms at once, undoes each fault as soon as its alarms have
 * fired, and goes on until all are OK again or patience ends: the transitions tell which.
 * @throws Error naming an alarm that the assembly does not have
 */
export async function provePhase({ pace, scenarios }: Phase, context: ProofContext): Promise<AlarmProof[]> {
  const names = new Map(scenarios.map((scenario) => [scenario, alarmNames(scenario, context)]));
  const watched = context.alarms.filter(({ name }) => [...names.values()].flat().includes(name));
  const watch = new Watch(watched, context.startCollector, pace);
  const patience = PATIENCE_STEPS + 2 * Math.max(...watched.map((alarm) => windowSeconds(alarm) / pace.stepSeconds));
  await until(watch, patience, (states) => Object.values(states).every((state) => state === 'OK'));

  const running: Running[] = [];
  for (const scenario of scenarios) {
    const started = Date.now();
    const repair = await scenario.inject(context.stage, watch);
    const startedSeconds = watch.seconds;
    running.push({ scenario, alarmNames: names.get(scenario) ?? [], repair, started, startedSeconds, repaired: false });
  }
  const proofs: AlarmProof[] = [];
  await until(watch, 2 * patience, async (states) => {
    for (const each of running) {
      const all = (state: AlarmState) => each.alarmNames.every((name) => states[name] === state);
      if (!each.repaired && all('ALARM')) {
        await each.repair();
        each.repaired = true;
      } else if (each.repaired && all('OK') && !proofs.some(({ alarm }) => alarm === each.alarmNames[0])) {
        proofs.push(...proofsOf(each, watch));
      }
    }
    return running.every(({ alarmNames: [first] }) => proofs.some(({ alarm }) => alarm === first));
  });
  for (const each of running) {
    if (!each.repaired) await each.repair();
    if (!proofs.some(({ alarm }) => alarm === each.alarmNames[0])) proofs.push(...proofsOf(each, watch));
  }
  return proofs;
}

function proofsOf({ scenario, alarmNames: names, started, startedSeconds }: Running, watch: Watch): AlarmProof[] {
  return names.map((alarm, i) => ({
    name: scenario.alarms[i]?.alert ?? alarm,
    alarm,
    provoked: true,
    fault: scenario.fault,
    transitions: watch.transitions(alarm),
    seconds: (Date.now() - started) / 1000,
    alarmSeconds: watch.seconds - startedSeconds,
  }));
}

function alarmNames({ alarms }: Scenario, { environment, alarms: known }: ProofContext): string[] {
  return alarms.map(({ alert, server }) => {
    const name = [environment, alert, ...(server ? [server] : [])].join('-');
    if (!known.some((alarm) => alarm.name === name))
      throw new Error(`the assembly of ${environment} has no alarm ${name}`);
    return name;
  });
}

function windowSeconds({ periodSeconds, evaluationPeriods }: EvaluatedAlarm): number {
  return periodSeconds * evaluationPeriods;
}

async function until(
  watch: Watch,
  patience: number,
  done: (states: Record<string, AlarmState>) => boolean | Promise<boolean>,
): Promise<void> {
  for (let step = 0; step < patience; step++) if (await done(await watch.step())) return;
}
