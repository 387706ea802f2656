import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** The services that the checks ask, in one region. */
export type Services = ReturnType<typeof servicesOf>;
/** The services of a region. The same region gives the same clients. */
export type Aws = (region: string) => Services;

/** So that a network without a way to AWS is reported within seconds instead of minutes. */
const PATIENCE = {
  maxAttempts: 3,
  // Without the last one the SDK only warns, and waits on.
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** Clients with the credentials of the person, looked for as the AWS CLI does: variables, profile, SSO, role of the machine. */
export function connect(): Aws {
  const regions = new Map<string, Services>();
  // One client's provider serves all, so that a log-in or a credential process runs once.
  let credentials: STSClient['config']['credentials'] | undefined;
  return (region) => {
    const services = regions.get(region) ?? servicesOf(region, credentials);
    regions.set(region, services);
    credentials ??= services.sts.config.credentials;
    return services;
  };
}

function servicesOf(region: string, provider: STSClient['config']['credentials'] | undefined) {
  const sts = new STSClient({ region, ...PATIENCE, ...(provider && { credentials: provider }) });
  const settings = { region, ...PATIENCE, credentials: sts.config.credentials };
  return {
    sts,
    backup: new BackupClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    cloudTrail: new CloudTrailClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    ec2: new EC2Client(settings),
    iam: new IAMClient(settings),
    logs: new CloudWatchLogsClient(settings),
    rds: new RDSClient(settings),
    secretsManager: new SecretsManagerClient(settings),
    serviceQuotas: new ServiceQuotasClient(settings),
    sns: new SNSClient(settings),
    ssm: new SSMClient(settings),
  };
}
