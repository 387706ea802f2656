import { daily, type Incident, once } from './incident';

const HOURS = 60;
const DAYS = 24 * HOURS;

/** Incidents of the scheduled jobs. Each begins on a Tuesday at noon. */
export const JOB_INCIDENTS: readonly Incident[] = [
  {
    name: 'the jobs of care do not run any more',
    minutes: 2 * DAYS + 12 * HOURS,
    fires: ['CareOverdue'],
    pages: false,
    values: [daily('care_overdue_days', 0.5)],
  },
  {
    name: 'a job of care fails',
    minutes: 5,
    fires: ['CareFailed-care'],
    pages: false,
    values: [once('Errors', 1, { alert: 'CareFailed-care' })],
  },
  {
    name: 'somebody changed a security group by hand',
    minutes: 5,
    fires: ['ConfigurationDrift'],
    pages: false,
    values: [once('drift_findings', 1)],
  },
];
