import { paginateDescribeSecurityGroupRules, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import { askAll } from '../../account/ask';
import type { DeployedEnvironment } from '../deployed-environment';
import { area, type Found } from '../finding';
import { matches } from '../matches';

/** What a rule lets through. */
interface Rule {
  readonly group: string;
  readonly direction: 'in' | 'out';
  readonly protocol: string;
  /** Empty where the protocol has none. */
  readonly ports: string;
  /** A range, a prefix list or a security group. */
  readonly peer: string;
}

type Properties = Readonly<Record<string, unknown>>;

const GROUP = 'AWS::EC2::SecurityGroup';

/** The rules of every security group of the environment. */
export const securityGroups = area(
  'security group rules',
  async (aws, region, deployed) => {
    const groups = deployed.resources(GROUP, region).map(({ name }) => name);
    if (groups.length === 0) return [];
    return askAll(
      'ec2:DescribeSecurityGroupRules',
      paginateDescribeSecurityGroupRules(
        { client: aws(region).ec2 },
        { Filters: [{ Name: 'group-id', Values: groups }] },
      ),
      (page) => page.SecurityGroupRules,
    );
  },
  decideRules,
);

function decideRules(actual: readonly SecurityGroupRule[], deployed: DeployedEnvironment, region: string): Found[] {
  const expected = expectedRules(deployed, region);
  const found = actual.map(actualRule);
  return [
    ...found.filter((rule) => !expected.some((each) => matches(each, rule))).map(extra),
    ...expected.filter((rule) => !found.some((each) => matches(rule, each))).map(missing),
  ];
}

function expectedRules(deployed: DeployedEnvironment, region: string): Rule[] {
  const own = (['in', 'out'] as const).flatMap((direction) =>
    deployed
      .resources(`AWS::EC2::SecurityGroup${direction === 'in' ? 'Ingress' : 'Egress'}`, region)
      .map(({ properties }) => expectedRule(String(properties['GroupId']), direction, properties)),
  );
  const inline = deployed
    .resources(GROUP, region)
    .flatMap(({ name, properties }) => [
      ...rulesOf(properties['SecurityGroupIngress']).map((rule) => expectedRule(name, 'in', rule)),
      ...rulesOf(properties['SecurityGroupEgress']).map((rule) => expectedRule(name, 'out', rule)),
    ]);
  const all = [...own, ...inline];
  // A group for which the template has no rule out keeps the one that EC2 gives it (template reference, AWS::EC2::SecurityGroupEgress).
  const open = deployed
    .resources(GROUP, region)
    .filter(({ name }) => !all.some(({ group, direction }) => group === name && direction === 'out'))
    .map(({ name }) => expectedRule(name, 'out', { IpProtocol: '-1', CidrIp: '0.0.0.0/0' }));
  return [...all, ...open];
}

function rulesOf(value: unknown): Properties[] {
  return (value ?? []) as Properties[];
}

function expectedRule(group: string, direction: Rule['direction'], properties: Properties): Rule {
  const { IpProtocol, FromPort, ToPort } = properties;
  const peers = [
    'CidrIp',
    'CidrIpv6',
    'SourceSecurityGroupId',
    'DestinationSecurityGroupId',
    'SourcePrefixListId',
    'DestinationPrefixListId',
  ].map((name) => properties[name] as string | undefined);
  const peer = peers.find((each) => each !== undefined) ?? '';
  return { group, direction, protocol: String(IpProtocol), ports: portsOf(IpProtocol, FromPort, ToPort), peer };
}

function actualRule(rule: SecurityGroupRule): Rule {
  const { GroupId = '', IsEgress, IpProtocol = '', FromPort, ToPort } = rule;
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.ReferencedGroupInfo?.GroupId ?? rule.PrefixListId ?? '';
  const direction = IsEgress ? 'out' : 'in';
  return { group: GroupId, direction, protocol: IpProtocol, ports: portsOf(IpProtocol, FromPort, ToPort), peer };
}

/** Of every protocol EC2 reports the ports as -1. */
function portsOf(protocol: unknown, from: unknown, to: unknown): string {
  return String(protocol) === '-1' ? '' : `${String(from)}-${String(to)}`;
}

function ruleText({ direction, protocol, ports, peer }: Rule): string {
  return `${direction === 'in' ? 'in from' : 'out to'} ${peer}, ${protocol === '-1' ? 'every protocol' : `${protocol} ${ports}`}`;
}

function extra(rule: Rule): Found {
  const command = rule.direction === 'in' ? 'revoke-security-group-ingress' : 'revoke-security-group-egress';
  return {
    kind: 'security group rule extra',
    resource: rule.group,
    found: ruleText(rule),
    expected: 'no rule that is not in the template',
    action: `find out who added it (CloudTrail), then aws ec2 ${command} --group-id ${rule.group}`,
  };
}

function missing(rule: Rule): Found {
  const command = rule.direction === 'in' ? 'authorize-security-group-ingress' : 'authorize-security-group-egress';
  return {
    kind: 'security group rule missing',
    resource: rule.group,
    found: 'the rule is not there',
    expected: ruleText(rule),
    action: `find out who took it away (CloudTrail), then aws ec2 ${command} --group-id ${rule.group}`,
  };
}
