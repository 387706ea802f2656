import { Construct } from 'constructs';
import type { JobFunction } from '../../contract/care/jobs';
import { Care, type CareProps } from './care';
import { DriftCheck } from './drift-check';

/** Everything of an environment that a schedule starts, besides metrics and drills. */
export class ScheduledJobs extends Construct {
  /** Alarms watch their errors. */
  readonly functionNames: Readonly<Record<JobFunction, string>>;

  constructor(scope: Construct, id: string, props: CareProps) {
    super(scope, id);
    const { config, placement: logs, topic, key } = props;
    const care = new Care(this, 'Care', props);
    const drift = new DriftCheck(this, 'Drift', { config, logs, topic, key });
    this.functionNames = { care: care.functionName, drift: drift.functionName };
  }
}
