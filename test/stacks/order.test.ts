import { MASTER_USER } from '../../lib/contract/roles';
import { type Resource, StackGraph } from '../support/stack-graph';
import { CONFIGURATIONS } from '../support/synth';

const RULES = ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'];

describe.each(CONFIGURATIONS)('%s', (environment) => {
  let graph: StackGraph;
  let trigger: Resource;
  let users: Resource[];
  beforeAll(() => {
    graph = new StackGraph(environment);
    [trigger] = graph.ofType('Custom::Trigger') as [Resource];
    const called = graph.before(trigger);
    const ours = graph.ofType('AWS::Lambda::Function').filter((each) => logsIn(graph, each) && !called.has(each));
    users = [...graph.ofType('AWS::RDS::DBProxyTargetGroup'), ...rotationsOfRoles(graph), ...ours];
  });

  test('everything that logs in as a role is created after the migrations, which make the roles', () => {
    expect(users.length).toBeGreaterThan(0);
    for (const user of users) expect([user.id, graph.before(user).has(trigger)]).toEqual([user.id, true]);
  });

  test('the migrations run when the primary, the endpoints and all rules of their function exist', () => {
    const before = graph.before(trigger);
    const needed = graph.resources.filter(
      ({ type, stack }) =>
        // The endpoints of people's gateway serve no function.
        (['AWS::EC2::VPCEndpoint', 'AWS::EC2::NatGateway', 'AWS::RDS::DBInstance'].includes(type) &&
          stack !== 'People') ||
        (RULES.includes(type) && stack === trigger.stack),
    );
    // From it to the primary and into the primary; and to the endpoints, where there are any.
    const endpoints = graph.ofType('AWS::EC2::VPCEndpoint').length > 0;
    expect(needed.filter(({ type }) => RULES.includes(type))).toHaveLength(endpoints ? 3 : 2);
    expect(needed.filter((each) => !before.has(each)).map(({ id }) => id)).toEqual([]);
  });

  test('the proxy’s target waits for all servers and for the role of their Enhanced Monitoring, and reaches Secrets Manager', () => {
    for (const target of graph.ofType('AWS::RDS::DBProxyTargetGroup')) {
      const before = graph.before(target);
      const servers = graph.ofType('AWS::RDS::DBInstance');
      const roles = servers.flatMap(({ stack, properties }) => graph.referred(stack, properties['MonitoringRoleArn']));
      expect(roles).toHaveLength(servers.length);
      for (const each of [...servers, ...roles]) expect(before.has(each)).toBe(true);
      const [endpoint] = graph.ofType('AWS::EC2::VPCEndpoint') as [Resource];
      const [group] = graph.referred(endpoint.stack, endpoint.properties['SecurityGroupIds']);
      const rule = [...before].find(
        ({ type, stack, properties }) =>
          type === 'AWS::EC2::SecurityGroupEgress' &&
          properties['FromPort'] === 443 &&
          graph.referred(stack, properties['DestinationSecurityGroupId'])[0] === group,
      );
      expect([target.id, 'waits for its way to Secrets Manager', rule?.stack]).toEqual([
        target.id,
        'waits for its way to Secrets Manager',
        target.stack,
      ]);
    }
  });
});

test.each(CONFIGURATIONS)(
  '%s: what connects while it is created waits for the rules of its security group',
  (environment) => {
    const graph = new StackGraph(environment);
    const connecting = [
      ...graph.ofType('Custom::Trigger'),
      ...graph.ofType('AWS::RDS::DBProxyTargetGroup'),
      ...graph.ofType('AWS::SecretsManager::RotationSchedule'),
    ];
    for (const resource of connecting) {
      const before = graph.before(resource);
      const groups = new Set([...before].filter(({ type }) => type === 'AWS::EC2::SecurityGroup'));
      const rules = graph.resources.filter(
        (rule) =>
          RULES.includes(rule.type) &&
          rule.stack === resource.stack &&
          graph.referred(rule.stack, rule.json).some((group) => groups.has(group) && group.stack === resource.stack),
      );
      for (const rule of rules) expect([resource.id, rule.id, before.has(rule)]).toEqual([resource.id, rule.id, true]);
    }
  },
);

/** Whether a function's role may log in with a token or read a secret. */
function logsIn(graph: StackGraph, { stack, properties }: Resource): boolean {
  const [role] = graph.referred(stack, properties['Role']);
  return graph
    .ofType('AWS::IAM::Policy')
    .filter((policy) => graph.referred(policy.stack, policy.properties['Roles']).some((each) => each === role))
    .some(({ properties: policy }) => /rds-db:connect|secretsmanager:GetSecretValue/.test(JSON.stringify(policy)));
}

/** Rotations of secrets whose user is not the master user, whom RDS makes. */
function rotationsOfRoles(graph: StackGraph): Resource[] {
  return graph.ofType('AWS::SecretsManager::RotationSchedule').filter(({ stack, properties }) => {
    const [attachment] = graph.referred(stack, properties['SecretId']);
    if (!attachment) throw new Error(`the rotation of stack ${stack} has no secret`);
    const [secret] = graph.referred(attachment.stack, attachment.properties['SecretId']);
    return !JSON.stringify(secret?.properties).includes(MASTER_USER);
  });
}
