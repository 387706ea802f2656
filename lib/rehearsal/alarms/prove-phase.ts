import type { FaultPhase, FaultTarget, OtherAlarm, Scenario } from '../scenarios/scenario';
import type { AlarmState, EvaluatedAlarm } from './alarm-evaluator';
import type { AlarmProof } from './alarm-proof';
import { RunningFault } from './running-fault';
import { SimulatedMonitoring, type StartCollector } from './simulated-monitoring';

/** What the proofs of one environment depend on. */
export interface ProofContext {
  readonly environment: string;
  readonly alarms: readonly EvaluatedAlarm[];
  readonly startCollector: StartCollector;
  readonly target: FaultTarget;
}

/** Steps beyond twice the longest window of the alarms within which every alarm must reach the state that is waited for. */
const PATIENCE_STEPS = 15;

/** An alarm that fired under the faults of a phase, which were not meant for it. */
export interface CrossTalk {
  /** The phase. */
  readonly during: string;
  /** The CloudWatch alarm's name. */
  readonly alarm: string;
  /** Why a scenario says that it may; undefined where none does. */
  readonly why?: string;
}

/** What the faults of a phase did. */
export interface PhaseResult {
  /** A proof for each alarm, in the order of the scenarios. */
  readonly proofs: readonly AlarmProof[];
  readonly crossTalk: readonly CrossTalk[];
}

/**
 * Proves the alarms of a phase: waits until all are OK, injects the faults one after another, then observes all alarms at once. Each
 * fault is repaired as soon as its alarms fire. Ends when all alarms are OK again, or when they took too long: the transitions of the
 * proofs show it.
 * @throws Error naming an alarm that the assembly does not have
 */
export async function provePhase(phase: FaultPhase, context: ProofContext): Promise<PhaseResult> {
  const { pace, scenarios } = phase;
  const expected = scenarios.map((scenario) => ({ scenario, alarms: alarmNames(scenario, context) }));
  const names = expected.flatMap(({ alarms }) => alarms);
  const observed = context.alarms.filter(({ name }) => names.includes(name));
  const monitoring = new SimulatedMonitoring(context.alarms, context.startCollector, pace);
  const patience = PATIENCE_STEPS + 2 * Math.max(...observed.map((alarm) => windowSeconds(alarm) / pace.stepSeconds));

  await monitoring.stepUntil((states) => names.every((name) => states[name] === 'OK'), patience);
  const faults: RunningFault[] = [];
  for (const { scenario, alarms } of expected) {
    faults.push(await RunningFault.inject(scenario, alarms, context.target, monitoring));
  }
  await monitoring.stepUntil(async (states) => {
    for (const fault of faults) await fault.advance(states);
    return faults.every(({ isFinished }) => isFinished);
  }, 2 * patience);
  const proofs: AlarmProof[] = [];
  for (const fault of faults) proofs.push(...(await fault.end()));
  const others = context.alarms.filter(({ name }) => !names.includes(name));
  const mayFire = [...phase.mayFire, ...scenarios.flatMap(({ mayFire = [] }) => mayFire)];
  const crossTalk = crossTalkOf({ ...context, alarms: others }, monitoring, { during: phase.name, mayFire });
  return { proofs, crossTalk };
}

/** An alarm that never was OK has no values here: the inspector and AWS do not run. */
function firedAfterOk(states: readonly AlarmState[]): boolean {
  return states.includes('ALARM', states.indexOf('OK') + 1) && states.includes('OK');
}

/** The alarms that were OK and fired, each with the reason why it may. */
export function crossTalkOf(
  { environment, alarms }: Pick<ProofContext, 'environment' | 'alarms'>,
  monitoring: Pick<SimulatedMonitoring, 'transitions'>,
  { during, mayFire }: { readonly during: string; readonly mayFire: readonly OtherAlarm[] },
): CrossTalk[] {
  return alarms
    .filter(({ name }) => firedAfterOk(monitoring.transitions(name)))
    .map(({ name: alarm }) => {
      const declared = mayFire.find(({ alert, server }) =>
        `${alarm}-`.startsWith(`${[environment, alert, ...(server ? [server] : [])].join('-')}-`),
      );
      return { during, alarm, ...(declared && { why: declared.why }) };
    });
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
