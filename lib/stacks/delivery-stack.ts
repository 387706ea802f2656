import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeliverySettings } from '../config/schema/delivery/delivery';
import type { EnvironmentConfig } from '../config/schema/environment';
import { DeliveryRoles } from '../constructs/delivery/delivery-roles';

/** Deployments of one environment by GitHub Actions. */
export interface DeliveryStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly settings: DeliverySettings;
}

/** The roles that GitHub Actions assumes. No other stack refers to it: a person deploys it once, and it can come and go. */
export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, { config, settings, ...props }: DeliveryStackProps) {
    super(scope, id, props);
    const { recoveryRegion } = config.backups;
    new DeliveryRoles(this, 'Roles', {
      settings,
      environment: config.name,
      regions: [config.region, ...(recoveryRegion === undefined ? [] : [recoveryRegion])],
    });
  }
}
