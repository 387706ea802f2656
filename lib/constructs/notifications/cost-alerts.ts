import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';

/** The budget of one environment. */
export interface CostAlertsProps {
  readonly config: Pick<EnvironmentConfig, 'name' | 'ownAccount'>;
  readonly budget: NonNullable<EnvironmentConfig['budget']>;
  /** Its policy, and its key's, allow COST_PUBLISHERS. */
  readonly topic: ITopic;
}

/** Services that notify of costs, in their own names (Cost Management User Guide, "Creating an Amazon SNS topic for budget notifications"). */
export const COST_PUBLISHERS = ['budgets', 'costalerts'];

/** Name of the budget of an environment. */
export function budgetName(environment: string): string {
  return `${environment}-database`;
}

/** The tag that every resource of an environment has (lib/config/derived/tags.ts). */
const TAG = 'Environment';

/**
 * A budget that warns before and when the month costs more than it may, and a monitor of unusual costs. Without an account of its own, the
 * environment's costs are those with its tag.
 */
export class CostAlerts extends Construct {
  constructor(scope: Construct, id: string, { config, budget, topic }: CostAlertsProps) {
    super(scope, id);
    const { name, ownAccount } = config;
    const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
    const when = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers,
    });
    const created = new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: budgetName(name),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: budget.monthlyUsd, unit: 'USD' },
        // CDK passes it on unchanged.
        costFilters: ownAccount.enabled ? undefined : { TagKeyValue: [`user:${TAG}$${name}`] },
      },
      notificationsWithSubscribers: [when('ACTUAL', 80), when('ACTUAL', 100), when('FORECASTED', 100)],
    });
    const monitor = new CfnAnomalyMonitor(this, 'Monitor', {
      monitorName: `${name}-database`,
      monitorType: 'CUSTOM',
      monitorSpecification: JSON.stringify({ Tags: { Key: TAG, Values: [name], MatchOptions: ['EQUALS'] } }),
    });
    const subscription = new CfnAnomalySubscription(this, 'Subscription', {
      subscriptionName: `${name}-database`,
      // Only IMMEDIATE notifies a topic.
      frequency: 'IMMEDIATE',
      monitorArnList: [monitor.attrMonitorArn],
      subscribers: [{ type: 'SNS', address: topic.topicArn }],
      thresholdExpression: JSON.stringify({
        Dimensions: {
          Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          MatchOptions: ['GREATER_THAN_OR_EQUAL'],
          Values: [String(budget.anomalyUsd)],
        },
      }),
    });
    // Both services try the topic when they are created, and its policy must be there.
    for (const each of [created, subscription]) each.node.addDependency(topic);
  }
}
