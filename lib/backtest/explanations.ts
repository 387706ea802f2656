import type { Plan } from './model/plan';

/** Minutes after an event in which it explains an alarm: the longest range of an alarm on a counter is ten minutes. */
const LATEST = 20;

/** The planned event that explains a notification at a minute of the span; undefined where there is none. */
export function explanationOf(plan: Plan, minute: number): string | undefined {
  const events = [
    ...plan.failovers.map((each) => ({ minute: each.minute, text: 'the failover' })),
    ...plan.restarts.map((each) => ({
      minute: each.minute,
      text: `the restart of ${each.server} in the maintenance window`,
    })),
    ...plan.rotations.map((each) => ({ minute: each, text: "the rotation of the master user's secret" })),
    ...plan.deployments.map((each) => ({ minute: each.minute, text: deploymentText(each) })),
  ];
  return events.find((event) => minute >= event.minute && minute <= event.minute + LATEST)?.text;
}

function deploymentText({ grants, parameters }: Plan['deployments'][number]): string {
  if (grants) return 'the deployment with a migration that grants privileges';
  return parameters ? 'the deployment with a changed parameter' : 'the deployment';
}
