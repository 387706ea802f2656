import type { Template } from 'aws-cdk-lib/assertions';
import { readInput } from '../../lambda/drill/input';
import { parseDocumentContent } from '../../lib/recovery-documents/content';
import { deployedDocuments } from '../../lib/recovery-documents/deployed';
import { actionsOf } from '../../lib/recovery-documents/permissions';
import type { DocumentContent } from '../../lib/recovery-documents/content-schema';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { production } from '../../lib/config/production';
import { documentCallFaults } from '../support/aws/document-calls';
import { find, onlyOne, type Properties, synthesize, synthesizeProductionWith, type Templates } from '../support/synth';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const templates = Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, synthesize(name)])) as Record<
  (typeof ENVIRONMENT_NAMES)[number],
  Templates
>;
const APPROVERS = ['ada', 'arn:aws:iam::111122223333:role/dba'];
const changed = synthesizeProductionWith({
  database: { ...production.database, enhancedMonitoringSeconds: 0 },
  recovery: { approvers: APPROVERS, approvals: 2 },
}).operations;
const deployed = [...ENVIRONMENT_NAMES.map((name) => templates[name].operations), changed].flatMap((template) =>
  Object.values(find(template, 'AWS::SSM::Document')).map(
    (properties) => [properties['Name'] as string, properties, template] as const,
  ),
);

function documentNames(template: Template): unknown[] {
  return Object.values(find(template, 'AWS::SSM::Document'))
    .map(({ Name }) => Name)
    .sort();
}

/** A template's value as it is at run time, with a word where CloudFormation fills in a name. */
function atRunTime(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(atRunTime);
  if (typeof value !== 'object' || value === null) return value;
  const [key, ...others] = Object.keys(value);
  if (others.length > 0 || key === undefined || !/^(Ref|Fn::\w+)$/.test(key)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, atRunTime(inner)]));
  }
  const [separator, parts] = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? ['', ['name']];
  return parts.map((part) => String(atRunTime(part))).join(separator);
}

function contentOf(properties: Properties): DocumentContent {
  return parseDocumentContent(String(properties['Name']), JSON.stringify(atRunTime(properties['Content'])));
}

function inputsOf(document: DocumentContent, step: string): Record<string, unknown> {
  return document.mainSteps.find(({ name }) => name === step)!.inputs;
}

/** The statements of the role that a document assumes. */
function statementsOf(properties: Properties, template: Template): Statement[] {
  const { assumeRole } = properties['Content'] as { assumeRole: { 'Fn::GetAtt': [string, string] } };
  const [role] = assumeRole['Fn::GetAtt'];
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } })
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

test.each(ENVIRONMENT_NAMES)('%s has the documents whose needs it meets, and no others', (name) => {
  const names = deployedDocuments(loadEnvironment(name)).map((document) => document.name);
  expect(documentNames(templates[name].operations)).toEqual(names.sort());
});

describe.each(deployed)('%s', (_, properties, template) => {
  test('is as Systems Manager takes it, with every name filled in', () => {
    expect(properties).toMatchObject({ DocumentType: 'Automation', UpdateMethod: 'NewVersion' });
    expect(JSON.stringify(properties['Content'])).not.toMatch(/\$\{/);
    expect(documentCallFaults(contentOf(properties))).toEqual([]);
  });

  test('may do what its steps ask for and nothing else', () => {
    const allowed = statementsOf(properties, template).flatMap(({ Action }) => Action);
    expect([...new Set(allowed)].sort()).toEqual(actionsOf(contentOf(properties)));
  });

  test('its role is for executions of this account', () => {
    const { assumeRole } = properties['Content'] as { assumeRole: { 'Fn::GetAtt': [string, string] } };
    const role = template.findResources('AWS::IAM::Role')[assumeRole['Fn::GetAtt'][0]]!['Properties'] as Properties;
    expect(role['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, ArnLike: { 'aws:SourceArn': expect.anything() as unknown } },
        },
      ],
    }); // prettier-ignore
  });
});

test('a server is deleted only when a replica is rebuilt, and only that replica', () => {
  const deleting = deployed.flatMap(([name, properties, template]) =>
    statementsOf(properties, template)
      .filter(({ Action }) => [Action].flat().includes('rds:DeleteDBInstance'))
      .map(({ Resource }) => [name, JSON.stringify(Resource)] as const),
  );
  expect(new Set(deleting.map(([name]) => name.replace(/^\w+-/, '')))).toEqual(
    new Set(['rebuild-replica-1', 'rebuild-replica-2']),
  );
  for (const [name, resource] of deleting) {
    expect(resource).toContain(`Replica${name.slice(-1)}`);
    expect(resource).not.toContain('Primary');
    expect(resource).not.toContain('*');
  }
});

test('a switch changes only servers of its environment, and adds no tag but the backup plan’s', () => {
  const template = templates.production.operations;
  const document = onlyOne(find(template, 'AWS::SSM::Document', { Name: 'production-switch-over' }));
  const writes = statementsOf(document, template).filter(({ Action }) =>
    [Action].flat().some((action) => /rds:(Modify|AddTags)/.test(action)),
  );
  expect(writes).toHaveLength(2);
  for (const { Condition } of writes) {
    expect(Condition!['StringEquals']).toMatchObject({ 'aws:ResourceTag/Environment': 'production' });
  }
  expect(writes.find(({ Action }) => Action === 'rds:AddTagsToResource')!.Condition!['StringEquals']).toMatchObject({
    'aws:RequestTag/whatsapp-saas:backup': 'production',
  });
});

describe('a restored server', () => {
  const document = contentOf(onlyOne(find(templates.production.operations, 'AWS::SSM::Document', { Name: 'production-restore' }))); // prettier-ignore
  const primary = onlyOne(find(templates.production.database, 'AWS::RDS::DBInstance', { MultiAZ: true }));
  const steps = ['restoreToTime', 'restoreLatest', 'restoreRetainedToTime', 'restoreRetainedLatest'];

  test.each(steps)('%s states all that RDS would default badly', (step) => {
    expect(inputsOf(document, step)).toMatchObject({
      DBInstanceClass: primary['DBInstanceClass'],
      DBSubnetGroupName: 'name',
      VpcSecurityGroupIds: ['name'],
      DBParameterGroupName: 'name',
      MultiAZ: false,
      PubliclyAccessible: false,
      StorageType: primary['StorageType'],
      MaxAllocatedStorage: primary['MaxAllocatedStorage'],
      AutoMinorVersionUpgrade: false,
      CopyTagsToSnapshot: true,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: primary['EnableCloudwatchLogsExports'],
      CACertificateIdentifier: primary['CACertificateIdentifier'],
      EngineLifecycleSupport: primary['EngineLifecycleSupport'],
      BackupRetentionPeriod: primary['BackupRetentionPeriod'],
      DeletionProtection: true,
    });
  });

  test('carries tags of its own, never the one that the backup plan selects by', () => {
    for (const step of steps) {
      expect(inputsOf(document, step)['Tags']).toEqual([
        { Key: 'Application', Value: 'whatsapp-saas' },
        { Key: 'Environment', Value: 'production' },
        { Key: 'whatsapp-saas:restored-from', Value: 'name' },
      ]);
    }
  });

  test('gets by a change what a restore cannot state', () => {
    expect(inputsOf(document, 'complete')).toMatchObject({
      PreferredMaintenanceWindow: primary['PreferredMaintenanceWindow'],
      MonitoringInterval: primary['MonitoringInterval'],
      PerformanceInsightsRetentionPeriod: primary['PerformanceInsightsRetentionPeriod'],
      DatabaseInsightsMode: primary['DatabaseInsightsMode'],
    });
  });

  test('without Enhanced Monitoring no role is passed', () => {
    const restore = onlyOne(find(changed, 'AWS::SSM::Document', { Name: 'production-restore' }));
    expect(inputsOf(contentOf(restore), 'complete')).not.toHaveProperty('MonitoringRoleArn');
    expect(statementsOf(restore, changed).flatMap(({ Action }) => Action)).not.toContain('iam:PassRole');
  });
});

test('a rebuilt replica is what the stack states of it', () => {
  const document = contentOf(onlyOne(find(templates.production.operations, 'AWS::SSM::Document', { Name: 'production-rebuild-replica-2' }))); // prettier-ignore
  const replica = onlyOne(find(templates.production.database, 'AWS::RDS::DBInstance', { AvailabilityZone: 'us-east-1c' })); // prettier-ignore
  for (const field of ['DBInstanceClass', 'AvailabilityZone', 'StorageType', 'MaxAllocatedStorage', 'AutoMinorVersionUpgrade', 'CopyTagsToSnapshot', 'EnableCloudwatchLogsExports', 'CACertificateIdentifier', 'MonitoringInterval', 'DeletionProtection', 'PubliclyAccessible', 'PerformanceInsightsRetentionPeriod']) {
    expect({ [field]: inputsOf(document, 'create')[field] }).toEqual({ [field]: replica[field] });
  } // prettier-ignore
});

test('a promotion asks alarms and a metric that are there', () => {
  const { operations, monitoring } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-promote-replica-2' })));
  const alarms = Object.values(find(monitoring, 'AWS::CloudWatch::Alarm'));
  const asked = ['checkCollector', 'checkPrimaryDown'].flatMap((step) => inputsOf(document, step)['AlarmNames']);
  expect(asked).toEqual(['production-PostgreSQLMetricsMissing', 'production-PostgreSQLDown-primary']);
  for (const name of asked) expect(alarms.map(({ AlarmName }) => AlarmName)).toContain(name);

  const [query] = inputsOf(document, 'checkNothingBehind')['MetricDataQueries'] as { MetricStat: { Metric: object } }[];
  const lag = alarms.find(({ AlarmName }) => AlarmName === 'production-PostgreSQLReplicationLagCritical-replica-2')!;
  const { Namespace, MetricName, Dimensions } = lag;
  expect(query!.MetricStat.Metric).toEqual({ Namespace, MetricName, Dimensions });
});

test('the drill is started for one table, which it keeps, with an input that it takes', () => {
  const { operations, drills } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-recover-table' })));
  const { stateMachineArn, input } = inputsOf(document, 'start') as Record<string, string>;
  const machine = onlyOne(find(drills, 'AWS::StepFunctions::StateMachine'));
  expect(stateMachineArn!.split(':').at(-1)).toBe(machine['StateMachineName']);
  const given = input!.replace('{{ TargetTime }}', '2026-01-31T02:59:59Z').replace('{{ Table }}', 'bookings');
  expect(readInput(JSON.parse(given))).toEqual({
    drill: 'pointInTime',
    targetTime: '2026-01-31T02:59:59Z',
    table: 'bookings',
    keepTable: true,
  });
});

describe('approvals', () => {
  test('are asked for on a topic whose name Automation accepts, and sent to the addresses', () => {
    const { operations } = templates.production;
    const [[id, topic]] = Object.entries(find(operations, 'AWS::SNS::Topic')) as [[string, Properties]];
    expect(topic['TopicName']).toMatch(/^Automation/);
    expect(topic).toHaveProperty('KmsMasterKeyId');
    const subscription = onlyOne(find(operations, 'AWS::SNS::Subscription'));
    expect(subscription).toEqual({ Endpoint: 'ops@yourdomain.com', Protocol: 'email', TopicArn: { Ref: id } });
  });

  test('without approvers a role is made that can approve and nothing else', () => {
    const approver = Object.values(find(templates.production.operations, 'AWS::IAM::Policy'))
      .map(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)
      .find((statements) => statements.some(({ Action }) => [Action].flat().includes('ssm:SendAutomationSignal')))!;
    expect(approver.flatMap(({ Action }) => Action)).toEqual([
      'ssm:DescribeAutomationStepExecutions',
      'ssm:GetAutomationExecution',
      'ssm:SendAutomationSignal',
      'ssm:DescribeAutomationExecutions',
    ]);
  });

  test('configured approvers replace it', () => {
    const document = contentOf(onlyOne(find(changed, 'AWS::SSM::Document', { Name: 'production-force-failover' })));
    expect(inputsOf(document, 'approve')).toMatchObject({ Approvers: APPROVERS, MinRequiredApprovals: 2 });
    expect(JSON.stringify(changed.toJSON())).not.toContain('SendAutomationSignal');
  });
});
