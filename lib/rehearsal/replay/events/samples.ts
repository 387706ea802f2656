import { backupEvents } from './backup-samples';
import { ACCOUNT } from './deployed-values';
import type { EventFacts, SampleEvent } from './sample-event';

const TIME = '2026-11-26T09:15:04Z';
const OTHER_SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:of-somebody-else-AbCdEf`;

/** Events of RDS (RDS User Guide, "Overview of events for Amazon RDS"). */
function ofRds({ instances }: EventFacts): SampleEvent[] {
  const event = (id: string, instance: string, type = 'RDS DB Instance Event') => ({
    source: 'aws.rds',
    'detail-type': type,
    time: TIME,
    resources: [`arn:aws:rds:us-east-1:${ACCOUNT}:db:${instance}`],
    detail: {
      EventCategories: ['failover'],
      SourceType: 'DB_INSTANCE',
      SourceIdentifier: instance,
      EventID: id,
      Message: id,
    },
  });
  const each = (rule: string, ...ids: string[]) =>
    instances.flatMap((instance) =>
      ids.map((id) => ({ what: `${id} of ${instance}`, rules: [rule], quotes: id, event: event(id, instance) })),
    );
  return [
    ...each('PostgreSQLFailover', 'RDS-EVENT-0013', 'RDS-EVENT-0015', 'RDS-EVENT-0049'),
    ...each('PostgreSQLStorageNearCeiling', 'RDS-EVENT-0225'),
    ...each(
      'PostgreSQLStorageCannotGrow',
      ...['0007', '0089', '0221', '0222', '0223', '0224'].map((id) => `RDS-EVENT-${id}`),
    ),
    { what: 'the failover of another instance', rules: [], event: event('RDS-EVENT-0049', 'of-somebody-else') },
    { what: 'the automated backup of ours', rules: [], event: event('RDS-EVENT-0001', instances[0]!) },
    {
      what: 'an event of a cluster of the same name',
      rules: [],
      event: event('RDS-EVENT-0049', instances[0]!, 'RDS DB Cluster Event'),
    },
  ];
}

/** Events of Secrets Manager by way of CloudTrail (Secrets Manager User Guide, "Log events with AWS CloudTrail"). */
function ofSecrets({ masterSecret, applicationSecret, rotation }: EventFacts): SampleEvent[] {
  const rotated = (eventName: string, SecretId: string) => ({
    source: 'aws.secretsmanager',
    'detail-type': 'AWS Service Event via CloudTrail',
    time: TIME,
    detail: { eventSource: 'secretsmanager.amazonaws.com', eventName, additionalEventData: { SecretId } },
  });
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/BreakGlass/ada`;
  const read = (secretId: string, change: object = {}) => ({
    source: 'aws.secretsmanager',
    'detail-type': 'AWS API Call via CloudTrail',
    time: TIME,
    detail: {
      ...{ eventSource: 'secretsmanager.amazonaws.com', eventName: 'GetSecretValue', sourceIPAddress: '198.51.100.7' },
      ...{ userIdentity: { arn }, requestParameters: { secretId } },
      ...change,
    },
  });
  const rule = ['PostgreSQLMasterSecretRead'];
  return [
    ...[masterSecret, applicationSecret].flatMap((secret) =>
      ['RotationFailed', 'RotationAbandoned', 'TestRotationFailed'].map((name) => ({
        what: `${name} of ${secret}`,
        rules: ['PostgreSQLSecretRotationFailed'],
        quotes: name,
        event: rotated(name, secret),
      })),
    ),
    { what: 'RotationFailed of another secret', rules: [], event: rotated('RotationFailed', OTHER_SECRET) },
    { what: 'RotationSucceeded of ours', rules: [], event: rotated('RotationSucceeded', masterSecret) },
    { what: 'a person read the master’s password', rules: rule, quotes: arn, event: read(masterSecret) },
    { what: 'a person read the application’s password', rules: [], event: read(applicationSecret) },
    { what: 'a person was refused', rules: [], event: read(masterSecret, { errorCode: 'AccessDenied' }) },
    ...(rotation === undefined
      ? []
      : [
          {
            what: 'the rotation read the master’s password through the endpoint',
            rules: [],
            event: read(masterSecret, {
              userIdentity: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Rotation/${rotation}` },
              vpcEndpointId: 'vpce-0123456789abcdef0',
            }),
          },
          {
            what: 'somebody with the role of the rotation read it from outside',
            rules: rule,
            event: read(masterSecret, {
              userIdentity: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Rotation/${rotation}` },
            }),
          },
        ]),
  ];
}

/** Events that the rules must match, and look-alikes that no rule may match. */
export function sampleEvents(facts: EventFacts): SampleEvent[] {
  return [...ofRds(facts), ...(facts.vaults.length > 0 ? backupEvents(facts) : []), ...ofSecrets(facts)];
}
