import type { FaultPhase, FaultTarget, Scenario } from '../scenarios/scenario';
import type { EvaluatedAlarm } from './alarm-evaluator';
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

/**
 * Proves the alarms of a phase: waits until all are OK, injects the faults one after another, then observes all alarms at once. Each
 * fault is repaired as soon as its alarms fire. Ends when all alarms are OK again, or when they took too long: the transitions of the
 * proofs show it.
 * @returns a proof for each alarm, in the order of the scenarios
 * @throws Error naming an alarm that the assembly does not have
 */
export async function provePhase({ pace, scenarios }: FaultPhase, context: ProofContext): Promise<AlarmProof[]> {
  const expected = scenarios.map((scenario) => ({ scenario, alarms: alarmNames(scenario, context) }));
  const names = expected.flatMap(({ alarms }) => alarms);
  const observed = context.alarms.filter(({ name }) => names.includes(name));
  const monitoring = new SimulatedMonitoring(observed, context.startCollector, pace);
  const patience = PATIENCE_STEPS + 2 * Math.max(...observed.map((alarm) => windowSeconds(alarm) / pace.stepSeconds));

  await monitoring.stepUntil((states) => Object.values(states).every((state) => state === 'OK'), patience);
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
  return proofs;
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
