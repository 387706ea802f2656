import { type DBInstance, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { askFor } from '../../account/ask';
import type { DeployedEnvironment, ExpectedResource } from '../deployed-environment';
import { area, type Found, REDEPLOY } from '../finding';
import { matches } from '../matches';

/** Properties of the template, and the fields in which RDS reports them. What RDS changes itself, as it grows storage, is not among them. */
const SETTINGS: Readonly<Record<string, keyof DBInstance>> = {
  BackupRetentionPeriod: 'BackupRetentionPeriod',
  CACertificateIdentifier: 'CACertificateIdentifier',
  DBInstanceClass: 'DBInstanceClass',
  EnableIAMDatabaseAuthentication: 'IAMDatabaseAuthenticationEnabled',
  EngineVersion: 'EngineVersion',
  MaxAllocatedStorage: 'MaxAllocatedStorage',
  MonitoringInterval: 'MonitoringInterval',
  MultiAZ: 'MultiAZ',
  PreferredMaintenanceWindow: 'PreferredMaintenanceWindow',
  PubliclyAccessible: 'PubliclyAccessible',
  StorageEncrypted: 'StorageEncrypted',
};

const SERVER = 'AWS::RDS::DBInstance';

/** Primary and replicas. */
export const servers = area(
  'servers',
  async (aws, region, deployed) => {
    const { rds } = aws(region);
    const answers = await Promise.all(
      deployed
        .resources(SERVER, region)
        .map(({ name: DBInstanceIdentifier }) =>
          askFor('rds:DescribeDBInstances', /DBInstanceNotFound/, () =>
            rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })),
          ),
        ),
    );
    return answers.flatMap((answer) => answer?.DBInstances ?? []);
  },
  decideServers,
);

function decideServers(actual: readonly DBInstance[], deployed: DeployedEnvironment, region: string): Found[] {
  return deployed.resources(SERVER, region).flatMap((server) => {
    const found = actual.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === server.name.toLowerCase());
    return found
      ? [...settings(server, found), ...parameterGroups(server, found), ...attached(server, found)]
      : [gone(server)];
  });
}

function gone({ name: resource }: ExpectedResource): Found {
  return {
    kind: 'server missing',
    resource,
    found: 'no server',
    expected: 'the server of the template',
    action:
      'follow the decision tree in lib/runbooks/README.md; automated backups of a deleted server are kept for their retention',
  };
}

function settings({ name: resource, properties }: ExpectedResource, actual: DBInstance): Found[] {
  const protection: Found[] =
    properties['DeletionProtection'] === true && actual.DeletionProtection !== true
      ? [
          {
            kind: 'deletion protection off',
            resource,
            found: 'everybody who may call DeleteDBInstance can delete it',
            expected: 'protected',
            action: `aws rds modify-db-instance --db-instance-identifier ${resource} --deletion-protection --apply-immediately`,
          },
        ]
      : [];
  const changed = Object.entries(SETTINGS).filter(
    ([property, field]) =>
      properties[property] !== undefined && !matches(inLowerCase(properties[property]), inLowerCase(actual[field])),
  );
  return [
    ...protection,
    ...changed.map(([property, field]): Found => ({
      kind: 'server changed',
      resource,
      found: `${property} is ${JSON.stringify(actual[field]) ?? 'not reported'}`,
      expected: JSON.stringify(properties[property]),
      action: REDEPLOY,
    })),
  ];
}

/** RDS answers windows in lower case. */
function inLowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function parameterGroups(
  { name: resource, properties }: ExpectedResource,
  { DBParameterGroups = [] }: DBInstance,
): Found[] {
  return DBParameterGroups.flatMap(({ DBParameterGroupName, ParameterApplyStatus = '' }): Found[] => {
    if (!matches(String(properties['DBParameterGroupName']).toLowerCase(), DBParameterGroupName)) {
      const found = `it uses the parameter group ${DBParameterGroupName}`;
      const expected = String(properties['DBParameterGroupName']);
      return [{ kind: 'parameters changed', resource, found, expected, action: REDEPLOY }];
    }
    if (ParameterApplyStatus === 'in-sync') return [];
    return [
      {
        kind: 'parameters pending',
        resource,
        found: `${DBParameterGroupName} is ${ParameterApplyStatus}`,
        expected: 'in-sync',
        action: 'follow lib/runbooks/PostgreSQLParametersPending.md: static parameters wait for a restart',
      },
    ];
  });
}

/** Security groups of a server that its template does not name: they may let anybody in. */
function attached({ name: resource, properties }: ExpectedResource, { VpcSecurityGroups = [] }: DBInstance): Found[] {
  const ours = (properties['VPCSecurityGroups'] ?? []) as unknown[];
  const groups = VpcSecurityGroups.flatMap(({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId);
  return groups
    .filter((group) => !ours.some((expected) => matches(expected, group)))
    .map((group) => ({
      kind: 'security group attached',
      resource,
      found: `the security group ${group}`,
      expected: ours.join(', '),
      action: `aws rds modify-db-instance --db-instance-identifier ${resource} --vpc-security-group-ids ${ours.join(' ')}`,
    }));
}
