import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import type { DriftServices } from '../../lib/drift/drift';

/**
 * How long a call may take, ms, and how often it is tried: a service that does not answer is a part that could not be compared, while the
 * function still has time to send the rest. Without `throwOnRequestTimeout` the SDK only warns, and waits on.
 */
export const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * The services of each region, made once.
 * @param patience default: PATIENCE
 */
export function regionalServices(patience: typeof PATIENCE = PATIENCE): (region: string) => DriftServices {
  const regions = new Map<string, DriftServices>();
  return (region) => {
    const services = regions.get(region) ?? servicesOf({ region, ...patience });
    regions.set(region, services);
    return services;
  };
}

function servicesOf(settings: typeof PATIENCE & { readonly region: string }): DriftServices {
  return {
    backup: new BackupClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    ec2: new EC2Client(settings),
    rds: new RDSClient(settings),
    sns: new SNSClient(settings),
    sts: new STSClient(settings),
  };
}
