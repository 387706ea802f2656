import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import type { DriftServices } from '../../lib/drift/drift';
import { PATIENCE } from '../shared/patience';

/** The services of each region, made once. */
export function regionalServices(): (region: string) => DriftServices {
  const regions = new Map<string, DriftServices>();
  return (region) => {
    const services = regions.get(region) ?? servicesOf(region);
    regions.set(region, services);
    return services;
  };
}

function servicesOf(region: string): DriftServices {
  const settings = { region, ...PATIENCE };
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
