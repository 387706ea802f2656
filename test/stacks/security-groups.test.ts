import { type Resource, StackGraph } from '../support/stack-graph';
import { CONFIGURATIONS } from '../support/synth';

type Rule = Readonly<Record<string, unknown>>;

// EC2 answers the second one with InvalidPermission.Duplicate. Where CloudFormation accepts that, it deletes the only real rule with
// either of the two.
test.each(CONFIGURATIONS)('%s has no two security-group rules with the same peer, protocol and port', (name) => {
  const graph = new StackGraph(name);
  const rules = graph.resources.flatMap((resource) => rulesOf(graph, resource));
  expect(rules.length).toBeGreaterThan(5);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

test('a port read from a server counts as its number', () => {
  const graph = new StackGraph('production');
  const [server] = graph.ofType('AWS::RDS::DBInstance') as [Resource];
  const port = { 'Fn::GetAtt': [server.id.split('/')[1], 'Endpoint.Port'] };
  const rule = (FromPort: unknown) => ({
    ...server,
    type: 'AWS::EC2::SecurityGroupIngress',
    properties: { GroupId: 'sg-1', CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort, ToPort: FromPort },
  });
  expect(rulesOf(graph, rule(port))).toEqual(rulesOf(graph, rule(5432)));
});

/** The rules of a security group or of a rule's resource, each as a text that equal rules share. */
function rulesOf(graph: StackGraph, { id, stack, type, properties }: Resource): string[] {
  const canonical = (direction: string, group: string, rule: Rule) => {
    const peer = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'DestinationSecurityGroupId', 'SourcePrefixListId']
      .map((key) => named(graph, stack, rule[key]))
      .join();
    const ports = ['FromPort', 'ToPort'].map((key) => named(graph, stack, rule[key]));
    return [direction, group, peer, named(graph, stack, rule['IpProtocol']), ...ports].join(' ');
  };
  switch (type) {
    case 'AWS::EC2::SecurityGroup':
      return (['Ingress', 'Egress'] as const).flatMap((direction) =>
        ((properties[`SecurityGroup${direction}`] ?? []) as Rule[]).map((rule) => canonical(direction, id, rule)),
      );
    case 'AWS::EC2::SecurityGroupIngress':
      return [canonical('Ingress', named(graph, stack, properties['GroupId']), properties)];
    case 'AWS::EC2::SecurityGroupEgress':
      return [canonical('Egress', named(graph, stack, properties['GroupId']), properties)];
    default:
      return [];
  }
}

/** A value with references resolved: to the resource's name, and the port of a server to 5432. */
function named(graph: StackGraph, stack: string, value: unknown): string {
  if (value === undefined) return '';
  const [resource] = graph.referred(stack, value);
  if (!resource) return JSON.stringify(value);
  return resource.type === 'AWS::RDS::DBInstance' ? '5432' : resource.id;
}
