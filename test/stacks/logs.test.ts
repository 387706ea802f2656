import { ENVIRONMENT_NAMES } from '../../lib/config';
import { StackGraph } from '../support/stack-graph';

describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  const graph = new StackGraph(name);
  const groups = graph.ofType('AWS::Logs::LogGroup');
  const named = (text: RegExp) =>
    groups.filter(({ properties }) => text.test(JSON.stringify(properties['LogGroupName'])));

  test('every log group has a retention and a key of ours, and is deleted with its stack', () => {
    expect(groups.length).toBeGreaterThan(5);
    for (const { id, json, properties } of groups) {
      expect([id, properties['RetentionInDays']]).toEqual([id, expect.any(Number)]);
      expect([id, properties]).toEqual([id, expect.objectContaining({ KmsKeyId: expect.anything() as unknown })]);
      expect([id, json['DeletionPolicy']]).toEqual([id, 'Delete']);
    }
  });

  test('every function writes into a group of ours, those that CDK makes included', () => {
    const functions = graph.ofType('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(3);
    for (const { id, stack, properties } of functions) {
      const [group] = graph.referred(stack, properties['LoggingConfig']);
      expect([id, group?.type]).toEqual([id, 'AWS::Logs::LogGroup']);
    }
  });

  test('every server waits for the groups of all its logs, under the names that RDS uses', () => {
    for (const server of graph.ofType('AWS::RDS::DBInstance')) {
      const { EnableCloudwatchLogsExports: exported, DBInstanceIdentifier } = server.properties;
      const identifier = JSON.stringify(DBInstanceIdentifier).match(/"([a-z][a-z0-9-]+)-"/)?.[1];
      expect(identifier).toBeDefined();
      for (const log of exported as string[]) {
        const [group] = named(new RegExp(`/aws/rds/instance/${identifier}-.*/${log}"`));
        expect([server.id, log, group && graph.before(server).has(group)]).toEqual([server.id, log, true]);
      }
    }
  });

  test('the proxy and the functions of AWS that rotate secrets wait for theirs', () => {
    for (const proxy of graph.ofType('AWS::RDS::DBProxy')) {
      const [group] = named(/\/aws\/rds\/proxy\//);
      expect(group && graph.before(proxy).has(group)).toBe(true);
    }
    for (const rotation of graph.ofType('AWS::Serverless::Application')) {
      const { functionName } = rotation.properties['Parameters'] as { functionName: string };
      const [group] = named(new RegExp(`/aws/lambda/${functionName}"`));
      expect(group && graph.before(rotation).has(group)).toBe(true);
    }
  });

  test('nothing else sets the retention of a log group', () => {
    expect(graph.ofType('Custom::LogRetention')).toEqual([]);
    expect(JSON.stringify(graph.resources.map(({ json }) => json))).not.toContain('logs:PutRetentionPolicy');
  });
});
