import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/**
 * What a role needs to publish to encrypted topics: the topics, and their key through SNS alone (SNS developer guide, "Key management").
 * @param scope of the role
 * @param key encrypts the topics
 */
export function publishStatements(scope: IConstruct, topics: readonly ITopic[], key: IKey): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: topics.map(({ topicArn }) => topicArn) }),
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `sns.${Stack.of(scope).region}.${Aws.URL_SUFFIX}` } },
    }),
  ];
}
