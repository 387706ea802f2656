import { DeployedEnvironment } from '../../lib/drift/deployed-environment';
import { matches, UNKNOWN } from '../../lib/drift/matches';
import { resources } from './as-deployed';

describe('what the templates expect, with the names of AWS', () => {
  const propertyOf = (type: string, name: RegExp, property: string) =>
    resources(type, 'us-east-1').find((each) => name.test(each.name))?.properties[property];

  test('an action is the ARN of its topic; a rule of alarms names their ARNs', () => {
    expect(propertyOf('AWS::CloudWatch::Alarm', /PostgreSQLDown-primary/, 'AlarmActions')).toEqual([
      expect.stringMatching(/^arn:aws:sns:us-east-1:111122223333:production-Monitoring-TopicsCritical/),
    ]);
    expect(propertyOf('AWS::CloudWatch::CompositeAlarm', /page-outage/, 'AlarmRule')).toBe(
      '(ALARM("arn:aws:cloudwatch:us-east-1:111122223333:alarm:production-PostgreSQLDown-primary") OR ALARM("arn:aws:cloudwatch:us-east-1:111122223333:alarm:production-PostgreSQLMetricsMissing"))',
    );
  });

  test('references to other stacks and regions are followed', () => {
    const rules = resources('AWS::EC2::SecurityGroupIngress', 'us-east-1').map(({ properties }) => properties);
    expect(rules.length).toBeGreaterThan(5);
    for (const { GroupId, SourceSecurityGroupId } of rules)
      expect([GroupId, SourceSecurityGroupId]).toEqual([
        expect.stringMatching(/^sg-[0-9a-f]{17}$/),
        expect.stringMatching(/^sg-[0-9a-f]{17}$/),
      ]);
    const plan = JSON.stringify(resources('AWS::Backup::BackupPlan', 'us-east-1')[0]?.properties);
    expect(plan).toContain(
      '"arn:aws:backup:us-west-2:111122223333:backup-vault:productionRecoveryRecoveryVault37859053"',
    );
  });

  test('what only AWS knows is unknown, and the rest of the text is kept', () => {
    const template = {
      Resources: {
        A: {
          Type: 'AWS::X',
          Properties: {
            Sub: { 'Fn::Sub': ['${Key}-${B.Arn}', { Key: { Ref: 'B' } }] },
            Other: { 'Fn::If': ['a', 'b', 'c'] },
          },
        },
      },
    };
    const [A, B] = [
      { logicalId: 'A', type: 'AWS::X', physicalId: 'a' },
      { logicalId: 'B', type: 'AWS::Y', physicalId: 'b' },
    ];
    const stack = { name: 's', region: 'r', status: 'CREATE_COMPLETE' as const, protected: false, resources: [A, B] };
    const deployed = new DeployedEnvironment('e', '1', [stack], { s: template });
    expect(deployed.resources('AWS::X', 'r')[0]?.properties).toEqual({ Sub: `b-${UNKNOWN}`, Other: UNKNOWN });
  });
});

test('a dynamic reference is unknown, also where it is put together; the rest of the text is kept', () => {
  const key = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'A' }, ':SecretString:::}}']] };
  const Properties = {
    Endpoint: 'https://events.pagerduty.com/integration/{{resolve:secretsmanager:key:SecretString:::}}/enqueue',
    Joined: { 'Fn::Join': ['', ['https://a/', key, '/b']] },
  };
  const stack = {
    ...{ name: 's', region: 'r', status: 'CREATE_COMPLETE' as const, protected: false },
    resources: [{ logicalId: 'A', type: 'AWS::X', physicalId: 'a' }],
  };
  const deployed = new DeployedEnvironment('e', '1', [stack], {
    s: { Resources: { A: { Type: 'AWS::X', Properties } } },
  });
  expect(deployed.resources('AWS::X', 'r')[0]?.properties).toEqual({
    Endpoint: `https://events.pagerduty.com/integration/${UNKNOWN}/enqueue`,
    Joined: `https://a/${UNKNOWN}/b`,
  });
});

test.each([
  [5, '5', true],
  [true, 'true', true],
  ['5', 6, false],
  [5, undefined, false],
  [undefined, undefined, true],
  [{ a: 1 }, { a: 1, b: 2 }, true],
  [{ a: 1, b: 2 }, { a: 1 }, false],
  [['a', 'b'], ['b', 'a'], true],
  [['a', 'a'], ['a', 'b'], false],
  [['a'], ['a', 'b'], false],
  [`a-${UNKNOWN}-c`, 'a-b-c', true],
  [`a.${UNKNOWN}`, 'abc', false],
  [UNKNOWN, ['x'], true],
  [UNKNOWN, undefined, false],
])('%j matches %j: %s', (expected, actual, result) => {
  expect(matches(expected, actual)).toBe(result);
});
