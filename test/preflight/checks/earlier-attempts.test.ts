import { ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import {
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type ResourceStatus,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeDBProxiesCommand } from '@aws-sdk/client-rds';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { DescribeParametersCommand, ListDocumentsCommand } from '@aws-sdk/client-ssm';
import { NAMED_TYPES } from '../../../lib/preflight/named';
import { CONFIGURATIONS, stackTemplates } from '../../support/synth';
import { ACCOUNT, backup, cloudFormation, COMPLETE, goodAccount, logs, rds, sns, ssm } from '../account';
import { lineOf, run, wantedOf } from '../run';

beforeAll(() => void wantedOf(COMPLETE), 120_000);
beforeEach(goodAccount);

/** The first resource of a type with a fixed name in the region of production. */
function named(type: string, property: string) {
  const resource = wantedOf(COMPLETE).resources.find(
    ({ type: each, stack, properties }) =>
      each === type && stack !== 'production-Recovery' && typeof properties[property] === 'string',
  );
  if (!resource) throw new Error(`production has no ${type} with a fixed ${property}`);
  return { ...resource, name: resource.properties[property] as string };
}

const vault = () => named('AWS::Backup::BackupVault', 'BackupVaultName');

/** The backup stack exists in a state, with its vault in another. */
function deployed(
  stackStatus: StackStatus,
  vaultStatus: ResourceStatus = 'CREATE_COMPLETE',
  isProtected = false,
): void {
  const { stack: StackName, logicalId, name } = vault();
  cloudFormation.on(DescribeStacksCommand, { StackName }).resolves({
    Stacks: [
      {
        StackName,
        CreationTime: new Date(0),
        StackStatus: stackStatus,
        EnableTerminationProtection: isProtected,
      },
    ],
  });
  cloudFormation.on(ListStackResourcesCommand, { StackName }).resolves({
    StackResourceSummaries: [
      {
        LogicalResourceId: logicalId,
        PhysicalResourceId: name,
        ResourceType: 'AWS::Backup::BackupVault',
        LastUpdatedTimestamp: new Date(0),
        ResourceStatus: vaultStatus,
      },
    ],
  });
}

describe('stacks', () => {
  test('none yet', async () => {
    expect(await lineOf('stacks')).toMatchObject({ status: 'ok', found: 'none yet' });
  });

  test('a creation that was rolled back is refused, with the commands that lift the protection and delete it', async () => {
    deployed('ROLLBACK_COMPLETE', 'DELETE_SKIPPED', true);
    expect(await lineOf('stacks')).toEqual({
      name: 'stacks',
      status: 'refused',
      found: 'production-Backup is in ROLLBACK_COMPLETE, protected',
      allowed: 'no stack, or one that was deployed',
      action:
        'aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name production-Backup --region us-east-1, then aws cloudformation delete-stack --stack-name production-Backup --region us-east-1',
    });
  });

  test.each([
    ['UPDATE_ROLLBACK_FAILED', 'refused', 'aws cloudformation continue-update-rollback --stack-name production-Backup'],
    ['DELETE_FAILED', 'refused', 'aws cloudformation delete-stack --stack-name production-Backup'],
    ['UPDATE_IN_PROGRESS', 'refused', 'wait until CloudFormation has ended'],
    ['CREATE_FAILED', 'ok', undefined],
    ['REVIEW_IN_PROGRESS', 'ok', undefined],
    ['UPDATE_ROLLBACK_COMPLETE', 'ok', undefined],
  ] as const)('a stack in %s is %s', async (stackStatus, status, action) => {
    deployed(stackStatus);
    const line = await lineOf('stacks');
    expect(line.status).toBe(status);
    if (action !== undefined) expect(line.action).toContain(action);
  });
});

const vaults = (...names: string[]) =>
  backup
    .on(ListBackupVaultsCommand)
    .resolves({ BackupVaultList: names.map((BackupVaultName) => ({ BackupVaultName })) });

describe('names of vaults', () => {
  test('a vault that an earlier attempt kept is refused, with the command that frees its name', async () => {
    vaults('Default', vault().name);
    expect(await lineOf('names of backup vaults in us-east-1')).toEqual({
      name: 'names of backup vaults in us-east-1',
      status: 'refused',
      found: `${vault().name} exists, and is not the resource of that name in our stacks`,
      allowed: 'free names',
      action: expect.stringContaining(
        `delete its recovery points; aws backup delete-backup-vault --backup-vault-name ${vault().name} --region us-east-1`,
      ) as string,
    });
  });

  test('the same vault is fine where our stack owns it, and refused where the stack gave it up', async () => {
    vaults(vault().name);
    deployed('UPDATE_COMPLETE');
    expect(await lineOf('names of backup vaults in us-east-1')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('belong') as string,
    });
    deployed('ROLLBACK_COMPLETE', 'DELETE_SKIPPED');
    expect(await lineOf('names of backup vaults in us-east-1')).toMatchObject({ status: 'refused' });
  });

  test('a vault of the other region does not count', async () => {
    vaults(vault().name);
    expect(await lineOf('names of backup vaults in us-west-2')).toMatchObject({ status: 'ok' });
  });

  test('the second page counts', async () => {
    backup.on(ListBackupVaultsCommand).resolves({ BackupVaultList: [], NextToken: 'more' });
    backup
      .on(ListBackupVaultsCommand, { NextToken: 'more' })
      .resolves({ BackupVaultList: [{ BackupVaultName: vault().name }] });
    expect(await lineOf('names of backup vaults in us-east-1')).toMatchObject({ status: 'refused' });
  });
});

describe('names of log groups', () => {
  const groups = () =>
    wantedOf(COMPLETE)
      .resources.filter(({ type }) => type === 'AWS::Logs::LogGroup')
      .flatMap(({ properties: { LogGroupName: name } }) => (typeof name === 'string' ? [name] : []));
  const exists = (logGroupNamePrefix: string, ...names: string[]) =>
    logs.on(DescribeLogGroupsCommand, { logGroupNamePrefix }).resolves({
      logGroups: names.map((logGroupName) => ({
        logGroupName,
        arn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${logGroupName}:*`,
        creationTime: 0,
        metricFilterCount: 0,
        storedBytes: 0,
        logGroupClass: 'STANDARD',
      })),
    });

  test('those of the proxy, the rotations and the state machines are asked for, and are free in a new account', async () => {
    expect([...groups()].sort()).toEqual([
      expect.stringMatching(/^\/aws\/lambda\/productionAccessRotation/),
      expect.stringMatching(/^\/aws\/lambda\/productionDatabaseMasterRotation/),
      expect.stringMatching(/^\/aws\/rds\/proxy\//),
      '/aws/vendedlogs/states/production-restore-drill',
      '/aws/vendedlogs/states/production-table-recovery',
    ]);
    expect(await lineOf('names of log groups in us-east-1')).toMatchObject({ status: 'ok', found: '5 free' });
  });

  test('one that a proxy of an earlier attempt left is refused, with the command that frees its name', async () => {
    const proxy = groups().find((name) => name.includes('/proxy/')) ?? '';
    exists(proxy, proxy);
    expect(await lineOf('names of log groups in us-east-1')).toMatchObject({
      status: 'refused',
      found: `${proxy} exists, and is not the resource of that name in our stacks`,
      action: expect.stringContaining(
        `see whether somebody needs its logs; aws logs delete-log-group --log-group-name ${proxy} --region us-east-1`,
      ) as string,
    });
  });

  test('one whose name only begins the same is another', async () => {
    const proxy = groups().find((name) => name.includes('/proxy/')) ?? '';
    exists(proxy, `${proxy}-old`);
    expect(await lineOf('names of log groups in us-east-1')).toMatchObject({ status: 'ok', found: '5 free' });
  });
});

describe('other names', () => {
  test('proxies, parameters, documents and topics are looked at as well', async () => {
    const proxy = named('AWS::RDS::DBProxy', 'DBProxyName').name;
    const parameter = named('AWS::SSM::Parameter', 'Name').name;
    const document = named('AWS::SSM::Document', 'Name').name;
    const topic = named('AWS::SNS::Topic', 'TopicName').name;
    rds.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ DBProxyName: proxy }] });
    ssm.on(DescribeParametersCommand).resolves({ Parameters: [{ Name: parameter }] });
    ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: [{ Name: document }] });
    sns.on(ListTopicsCommand).resolves({ Topics: [{ TopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:${topic}` }] });
    const { checks } = await run();
    const refused = checks.filter(({ name, status }) => name.startsWith('names of') && status === 'refused');
    expect(refused.map(({ name }) => name).sort()).toEqual([
      'names of RDS proxies in us-east-1',
      'names of SNS topics in us-east-1',
      'names of SSM documents in us-east-1',
      'names of SSM parameters in us-east-1',
    ]);
  });

  test('every kept resource with a fixed name, in every configuration, is of a type that is looked up', () => {
    const kept = CONFIGURATIONS.flatMap((name) => Object.values(stackTemplates(name))).flatMap((template) =>
      Object.values(template['Resources'] as Record<string, Resource>),
    );
    const types = kept
      .filter(({ DeletionPolicy = '' }) => DeletionPolicy.startsWith('Retain'))
      .filter(({ Type, Properties = {} }) =>
        Object.entries(Properties).some(
          ([key, value]) =>
            typeof value === 'string' && NAME_PROPERTIES.test(key) && !/^(DBName|Engine)/.test(key) && Type,
        ),
      )
      .map(({ Type }) => Type);
    expect(types).toContain('AWS::Backup::BackupVault');
    const known = NAMED_TYPES.map(({ type }) => type);
    expect(types.filter((type) => !known.includes(type))).toEqual([]);
  });
});

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Properties that name a resource: `Name`, `BackupVaultName`, `DBInstanceIdentifier`; not the name of a user. */
const NAME_PROPERTIES = /^(?!MasterUser).*(Name|Identifier)$/;
