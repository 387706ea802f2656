import { RemovalPolicy } from 'aws-cdk-lib';
import type { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';

/** Where the logs of the cache go. */
export interface CacheLogsProps {
  /** Id of the replication group. */
  readonly cacheId: string;
  readonly retention: EnvironmentConfig['logRetentionDays'];
  /** Encrypts the log groups. */
  readonly key: IKey;
  /** Whether slow commands are logged, with their arguments. */
  readonly slow: boolean;
}

/**
 * The log groups of the cache. The engine's log says when a node started, synchronized or ran out of memory. Names below /aws/vendedlogs
 * need no entry of their own in the account's policy of log deliveries, which has a limit (CloudWatch Logs User Guide, "Enabling
 * logging from AWS services").
 */
export class CacheLogs extends Construct {
  readonly deliveries: CfnReplicationGroup.LogDeliveryConfigurationRequestProperty[];

  constructor(scope: Construct, id: string, { cacheId, retention, key, slow }: CacheLogsProps) {
    super(scope, id);
    this.deliveries = ['engine-log', ...(slow ? ['slow-log'] : [])].map((logType) => {
      const { logGroupName } = new LogGroup(this, logType, {
        logGroupName: `/aws/vendedlogs/elasticache/${cacheId}/${logType}`,
        retention,
        encryptionKey: key,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      return {
        logType,
        logFormat: 'json',
        destinationType: 'cloudwatch-logs',
        destinationDetails: { cloudWatchLogsDetails: { logGroup: logGroupName } },
      };
    });
  }
}
