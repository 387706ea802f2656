import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, AccountRootPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** A KMS key and the services that use it. */
export interface ServiceKeyProps {
  /** What the key encrypts, in a sentence. */
  readonly description: string;
  /**
   * Services through which principals of this account use the key, by the first part of their endpoint, such as `rds`.
   * @default none
   */
  readonly usedThrough?: readonly string[];
}

const USE = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:CreateGrant',
  'kms:DescribeKey',
];

/**
 * A customer-managed key. It is rotated every year, and kept when its stack is deleted: without it the encrypted data is lost. Where
 * its creation is rolled back it encrypts nothing yet, and is deleted.
 */
export class ServiceKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { description, usedThrough = [] }: ServiceKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Resource', {
      description,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    if (usedThrough.length > 0) {
      const services = usedThrough.map((service) => `${service}.${Stack.of(this).region}.${Aws.URL_SUFFIX}`);
      this.key.addToResourcePolicy(
        new PolicyStatement({
          sid: 'AccountThroughServices',
          effect: Effect.ALLOW,
          principals: [new AccountRootPrincipal()],
          actions: USE,
          resources: ['*'],
          conditions: { StringEquals: { 'kms:ViaService': services, 'kms:CallerAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
  }

  /** Lets CloudWatch Logs encrypt the log groups of this account and region, and no others. */
  allowLogGroups(): void {
    const { partition, region, account } = Stack.of(this);
    this.allowService(
      `logs.${region}.${Aws.URL_SUFFIX}`,
      USE.filter((action) => action !== 'kms:CreateGrant'),
      {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:*` },
      },
    );
  }

  /**
   * Lets the services that send notifications publish to topics encrypted with this key, and SNS put undeliverable messages into a
   * queue encrypted with it (SNS developer guide, "Amazon SNS dead-letter queues"). EventBridge publishes with a role, and puts
   * undeliverable events into the queue in its own name, for a rule (EventBridge User Guide, "Using dead-letter queues"). Whether it
   * names the rule to KMS as well is unconfirmed, so the condition holds where it does.
   * @param others services that notify as well, by the first part of their endpoint
   */
  allowNotifications(others: readonly string[] = []): void {
    for (const service of ['cloudwatch', 'backup', 'events.rds', 'sns', ...others]) {
      this.allowService(`${service}.amazonaws.com`, [], { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } });
    }
    const { partition, region } = Stack.of(this);
    this.allowService('events.amazonaws.com', [], {
      ArnLikeIfExists: { 'aws:SourceArn': `arn:${partition}:events:${region}:${Aws.ACCOUNT_ID}:rule/*` },
    });
  }

  /**
   * Lets AWS Backup in another account read data encrypted with this key, to copy it under that account's key (AWS Backup developer
   * guide, "Creating backup copies across AWS accounts").
   */
  allowCopiesTo(accountId: string): void {
    const principals = [new AccountPrincipal(accountId)];
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: USE.filter((action) => action !== 'kms:CreateGrant'),
        resources: ['*'],
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': true } },
      }),
    );
  }

  private allowService(service: string, actions: readonly string[], conditions?: Record<string, unknown>): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: [...new Set(['kms:Decrypt', 'kms:GenerateDataKey', ...actions])],
        resources: ['*'],
        conditions,
      }),
    );
  }
}
