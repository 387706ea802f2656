import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { FunctionPlacement } from '../constructs/functions/database-function';
import { ownProviderLogs } from '../constructs/functions/provider-logs';
import { Network } from '../constructs/network/network';
import { COST_PUBLISHERS } from '../constructs/notifications/cost-alerts';
import { ServiceKey } from '../constructs/service-key';

/** The network of one environment. */
export interface NetworkStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** The network, and the key of all logs and notifications. Every other stack in the home region builds on it. */
export class NetworkStack extends Stack {
  readonly network: Network;
  /** Encrypts log groups and notification topics. */
  readonly logsKey: IKey;
  /** Network and logs of the functions. */
  readonly functionPlacement: FunctionPlacement;
  private readonly zones: string[];

  constructor(scope: Construct, id: string, { config, ...props }: NetworkStackProps) {
    super(scope, id, props);
    this.zones = [...config.network.availabilityZones];
    const logsKey = new ServiceKey(this, 'LogsKey', {
      description: `Logs and notifications of the ${config.name} database`,
    });
    logsKey.allowLogGroups();
    logsKey.allowNotifications(config.budget ? COST_PUBLISHERS : []);
    this.logsKey = logsKey.key;
    this.network = new Network(this, 'Network', { config, logsKey: this.logsKey });
    this.functionPlacement = {
      vpc: this.network.vpc,
      subnets: this.network.applicationSubnets,
      awsServices: this.network.awsServices,
      logsKey: this.logsKey,
      logRetentionDays: config.logRetentionDays,
    };
    ownProviderLogs(this, this.functionPlacement);
  }

  /** From the configuration: the default asks the account, and a synthesis must work without one. */
  override get availabilityZones(): string[] {
    return this.zones;
  }
}
