import type { FaultTarget, RepairFault, Scenario } from '../scenarios/scenario';
import type { AlarmState } from './alarm-evaluator';
import type { AlarmProof } from './alarm-proof';
import type { SimulatedMonitoring } from './simulated-monitoring';

/** The state of a fault on its way to the proofs of its alarms. */
type FaultState =
  /** The fault was injected; not all of its alarms fire yet. */
  | { readonly name: 'injected'; readonly repair: RepairFault }
  /** All alarms fired at once and the fault was repaired; not all of them are OK again. */
  | { readonly name: 'repaired' }
  /** All alarms are OK again, or the wait for them has ended. */
  | { readonly name: 'finished'; readonly proofs: readonly AlarmProof[] };

/** A fault that was injected, with the alarms that it must make fire. */
export class RunningFault {
  private constructor(
    private readonly scenario: Scenario,
    /** Names of the CloudWatch alarms, in the order of `scenario.alarms`. */
    private readonly alarms: readonly string[],
    private readonly monitoring: SimulatedMonitoring,
    /** When the injection began, ms of this machine's clock. */
    private readonly injectedAt: number,
    /** When the injection was complete, seconds of CloudWatch's clock. */
    private readonly injectedSeconds: number,
    private state: FaultState,
  ) {}

  /** Injects the fault of a scenario. */
  static async inject(
    scenario: Scenario,
    alarms: readonly string[],
    target: FaultTarget,
    monitoring: SimulatedMonitoring,
  ): Promise<RunningFault> {
    const injectedAt = Date.now();
    const repair = await scenario.inject(target, monitoring);
    return new RunningFault(scenario, alarms, monitoring, injectedAt, monitoring.seconds, { name: 'injected', repair });
  }

  get isFinished(): boolean {
    return this.state.name === 'finished';
  }

  /** Repairs the fault once all of its alarms fire; finishes it once all are OK again. */
  async advance(states: Readonly<Record<string, AlarmState>>): Promise<void> {
    const allAre = (wanted: AlarmState) => this.alarms.every((alarm) => states[alarm] === wanted);
    switch (this.state.name) {
      case 'injected':
        if (allAre('ALARM')) await this.repair(this.state.repair);
        return;
      case 'repaired':
        if (allAre('OK')) this.finish();
        return;
      case 'finished':
        return;
    }
  }

  /** Ends the wait for the alarms; a fault that is still there is repaired first. Returns a proof for each alarm. */
  async end(): Promise<readonly AlarmProof[]> {
    if (this.state.name === 'injected') await this.repair(this.state.repair);
    return this.state.name === 'finished' ? this.state.proofs : this.finish();
  }

  private async repair(repair: RepairFault): Promise<void> {
    await repair();
    this.state = { name: 'repaired' };
  }

  private finish(): readonly AlarmProof[] {
    const proofs = this.alarms.map((alarm, i) => ({
      name: this.scenario.alarms[i]?.alert ?? alarm,
      alarm,
      provoked: true,
      fault: this.scenario.fault,
      transitions: this.monitoring.transitions(alarm),
      changeSeconds: this.monitoring.changeSeconds(alarm).map((seconds) => seconds - this.injectedSeconds),
      ...this.measured(alarm),
      seconds: (Date.now() - this.injectedAt) / 1000,
      alarmSeconds: this.monitoring.seconds - this.injectedSeconds,
    }));
    this.state = { name: 'finished', proofs };
    return proofs;
  }

  /** From as long before the fault as it lasted, so that the normal value is seen as well. */
  private measured(alarm: string): Pick<AlarmProof, 'measured'> {
    const since = this.injectedSeconds;
    const found = this.monitoring.measured(alarm, Math.max(0, 2 * since - this.monitoring.seconds));
    return found ? { measured: { ...found, values: found.values.map(([at, value]) => [at - since, value]) } } : {};
  }
}
