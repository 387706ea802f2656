import { Construct } from 'constructs';
import { careHour } from '../../config/derived/care-hour';
import { CARE_JOBS, type JobFunction } from '../../contract/care/jobs';
import { Care, type CareProps } from './care';
import { DriftCheck } from './drift-check';
import { JobSchedules } from './job-schedules';

/** Everything of an environment that a schedule starts, besides metrics and drills. */
export class ScheduledJobs extends Construct {
  /** Alarms watch their errors. */
  readonly functionNames: Readonly<Record<JobFunction, string>>;

  constructor(scope: Construct, id: string, props: CareProps) {
    super(scope, id);
    const { config, placement: logs, topic, key } = props;
    const care = new Care(this, 'Care', props).function;
    const drift = new DriftCheck(this, 'Drift', { config, logs, topic, key }).function;
    new JobSchedules(this, 'Schedules', {
      environment: config.name,
      hour: careHour(config),
      workers: [
        { function: care, jobs: CARE_JOBS },
        { function: drift, jobs: ['drift'], failures: topic },
      ],
    });
    this.functionNames = { care: care.functionName };
  }
}
