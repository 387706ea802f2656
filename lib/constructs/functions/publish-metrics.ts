import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { METRIC_NAMESPACE } from '../../contract/metrics';
import { acknowledgeWildcards } from '../acknowledge';

/** Lets a function publish metrics of this project. */
export function allowMetrics(publisher: LambdaFunction): void {
  publisher.addToRolePolicy(
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      // PutMetricData supports no resources; the namespace is its only condition.
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
    }),
  );
  if (publisher.role) acknowledgeWildcards(publisher.role, ['*']);
}
