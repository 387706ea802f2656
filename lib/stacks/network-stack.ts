import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { FunctionPlacement } from '../constructs/functions/database-function';
import { Network } from '../constructs/network/network';
import { ServiceKey } from '../constructs/service-key';

/** The network and the key of all logs and notices. */
export interface NetworkStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** What every other stack of an environment stands on. */
export class NetworkStack extends Stack {
  readonly network: Network;
  /** Encrypts log groups and notification topics. */
  readonly logsKey: IKey;
  /** Where functions run. */
  readonly functionPlacement: FunctionPlacement;
  private readonly zones: string[];

  constructor(scope: Construct, id: string, { config, ...props }: NetworkStackProps) {
    super(scope, id, props);
    this.zones = [...config.network.availabilityZones];
    const logsKey = new ServiceKey(this, 'LogsKey', { description: `Logs and notices of the ${config.name} database` });
    logsKey.allowLogGroups();
    logsKey.allowNotifications();
    this.logsKey = logsKey.key;
    this.network = new Network(this, 'Network', { config, logsKey: this.logsKey });
    this.functionPlacement = {
      vpc: this.network.vpc,
      subnets: this.network.applicationSubnets,
      logsKey: this.logsKey,
      logRetentionDays: config.logRetentionDays,
    };
  }

  /** From the configuration: the default asks the account, which a synthesis must not need. */
  override get availabilityZones(): string[] {
    return this.zones;
  }
}
