import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentInput } from '../../../lib/config/schema/environment';
import { filledIn } from '../../support/aws/filled-in';
import { find, onlyOne, type Properties, synthesize, synthesizeProductionWith } from '../../support/synth';

const ACCOUNT = '111111111111';
const ADA = `arn:aws:iam::${ACCOUNT}:user/ada`;
const REGION = 'us-east-1';

const withAccess = (access: Partial<EnvironmentInput['access']> = {}) =>
  synthesizeProductionWith({ access: { people: [ADA], ...access } }).people;

/** The properties of the only resource of a type whose logical id contains a text. */
function resource(template: Template, type: string, id: string): Properties {
  const found = Object.entries(find(template, type)).filter(([each]) => each.includes(id));
  return onlyOne(Object.fromEntries(found));
}

/** Whether a request is allowed, by IAM's own list of actions, resources and keys. */
async function isAllowed(simulation: Pick<Simulation, 'request'> & Partial<Simulation>): Promise<boolean> {
  const result = await runSimulation(
    { identityPolicies: [], serviceControlPolicies: [], resourceControlPolicies: [], ...simulation },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
}

const role = (name: 'Access' | 'BreakGlass', template: Template) => {
  const policy = filledIn<object>(
    resource(template, 'AWS::IAM::ManagedPolicy', `People${name}Policy`)['PolicyDocument'],
  );
  return (action: string, resourceArn: string, contextVariables: Record<string, string | string[]> = {}) =>
    isAllowed({
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/ada`,
        action,
        resource: { resource: resourceArn, accountId: ACCOUNT },
        contextVariables,
      },
      identityPolicies: [{ name, policy }],
    });
};

const ssm = (rest: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:${rest}`;

/** ARN of the gateway as the policies have it. */
function gatewayArn(template: Template): string {
  const [id] = Object.keys(find(template, 'AWS::EC2::Instance'));
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${id}`;
}

test('nobody reaches the servers unless the configuration says who', () => {
  for (const name of ['dev', 'staging', 'production'] as const)
    expect(Object.keys(synthesize(name).people.toJSON())).toEqual([]);
});

describe('the role that logs in as dba_user', () => {
  const template = withAccess();
  const may = role('Access', template);
  const checked = { 'ssm:SessionDocumentAccessCheck': 'true' };

  test.each(['primary', 'replica-1', 'replica-2'])('starts sessions to %s on the gateway', async (server) => {
    expect(await may('ssm:StartSession', ssm(`document/production-connect-${server}`), checked)).toBe(true);
    expect(await may('ssm:StartSession', gatewayArn(template), checked)).toBe(true);
  });

  test('starts no shell, no other tunnel and nothing on another instance', async () => {
    for (const document of ['SSM-SessionManagerRunShell', 'AWS-StartPortForwardingSessionToRemoteHost'])
      expect([document, await may('ssm:StartSession', ssm(`document/${document}`), checked)]).toEqual([
        document,
        false,
      ]);
    const other = `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0123456789abcdef0`;
    expect(await may('ssm:StartSession', other, checked)).toBe(false);
    expect(await may('ssm:SendCommand', gatewayArn(template))).toBe(false);
  });

  test('starts nothing on the gateway while Systems Manager does not check the document', async () => {
    const unchecked = { 'ssm:SessionDocumentAccessCheck': 'false' };
    expect(await may('ssm:StartSession', gatewayArn(template), unchecked)).toBe(false);
  });

  test('ends only its own sessions', async () => {
    const session = (owner: string) => ({
      'aws:userid': 'AROAEXAMPLE:ada',
      'ssm:resourceTag/aws:ssmmessages:session-id': owner,
    });
    expect(await may('ssm:TerminateSession', ssm('session/ada-1'), session('AROAEXAMPLE:ada'))).toBe(true);
    expect(await may('ssm:TerminateSession', ssm('session/bob-1'), session('AROAEXAMPLE:bob'))).toBe(false);
  });

  test('logs in as dba_user, and as nobody else', async () => {
    const [login] = (
      resource(template, 'AWS::IAM::ManagedPolicy', 'PeopleAccessPolicy')['PolicyDocument'] as {
        Statement: { Action: string; Resource: unknown }[];
      }
    ).Statement.filter(({ Action }) => Action === 'rds-db:connect');
    const users = filledIn<string[]>([login?.Resource].flat());
    expect(users).toHaveLength(3);
    for (const arn of users) {
      expect(await may('rds-db:connect', arn)).toBe(true);
      expect(arn).toMatch(/\/dba_user$/);
      for (const user of ['app_user', 'readonly_user', 'recovery_user', 'database_admin'])
        expect(await may('rds-db:connect', arn.replace('dba_user', user))).toBe(false);
    }
  });

  test('reads no secret', async () => {
    const secret = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:any-AbCdEf`;
    expect(await may('secretsmanager:GetSecretValue', secret)).toBe(false);
  });
});

test('only the role for emergencies reads the secret, of the master user', () => {
  const statements = ['Access', 'BreakGlass'].map((name) =>
    JSON.stringify(resource(withAccess(), 'AWS::IAM::ManagedPolicy', `People${name}Policy`)),
  );
  expect(statements.map((text) => text.includes('secretsmanager:GetSecretValue'))).toEqual([false, true]);
  expect(statements[1]).toContain('SecretsMaster');
  expect(statements[1]).not.toContain('SecretsApplication');
  expect(statements[1]).not.toContain('rds-db:connect');
});

describe.each(['Access', 'BreakGlass'])('the role %s is assumed', (name) => {
  const assume = (template: Template, principal: string, contextVariables: Record<string, string>) =>
    isAllowed({
      request: {
        principal,
        action: 'sts:AssumeRole',
        resource: { resource: `arn:aws:iam::${ACCOUNT}:role/${name}`, accountId: ACCOUNT },
        contextVariables,
      },
      resourcePolicy: filledIn<object>(
        resource(template, 'AWS::IAM::Role', `People${name}`)['AssumeRolePolicyDocument'],
      ),
    });
  const here = { 'aws:RequestedRegion': REGION };

  test('with a second factor, by the people of the configuration', async () => {
    const mfa = { ...here, 'aws:MultiFactorAuthPresent': 'true' };
    expect(await assume(withAccess(), ADA, mfa)).toBe(true);
    expect(await assume(withAccess(), ADA, { ...here, 'aws:MultiFactorAuthPresent': 'false' })).toBe(false);
    expect(await assume(withAccess(), ADA, here)).toBe(false);
    expect(await assume(withAccess(), `arn:aws:iam::${ACCOUNT}:user/eve`, mfa)).toBe(false);
  });

  test('through STS of this region alone, where the alert listens', async () => {
    const elsewhere = { 'aws:RequestedRegion': 'eu-west-1', 'aws:MultiFactorAuthPresent': 'true' };
    expect(await assume(withAccess(), ADA, elsewhere)).toBe(false);
  });

  test('without one where the identity provider asks for it', async () => {
    const mfa = { enabled: false as const, reason: 'the identity provider asks for the second factor' };
    expect(await assume(withAccess({ mfa }), ADA, here)).toBe(true);
    expect(onlyOne({ role: resource(withAccess(), 'AWS::IAM::Role', `People${name}`) })['MaxSessionDuration']).toBe(
      3600,
    );
  });
});

describe('the gateway', () => {
  const template = withAccess();

  test('has no key, takes metadata only with a token, and encrypts its volume', () => {
    const instance = resource(template, 'AWS::EC2::Instance', 'Gateway');
    expect(instance).not.toHaveProperty('KeyName');
    expect(instance).not.toHaveProperty('UserData.Fn::Base64', expect.stringContaining('curl'));
    expect(JSON.stringify(instance['BlockDeviceMappings'])).toContain('"Encrypted":true');
    expect(JSON.stringify(template.toJSON())).toContain('"HttpTokens":"required"');
    expect(JSON.stringify(instance['SubnetId'])).toContain('DatabaseSubnet1');
  });

  test('takes its image from the newest Amazon Linux at each deployment', () => {
    const parameters = template.toJSON() as { Parameters: Record<string, { Type: string; Default?: string }> };
    const { ImageId } = resource(template, 'AWS::EC2::Instance', 'Gateway');
    expect(parameters.Parameters[(ImageId as { Ref: string }).Ref]).toMatchObject({
      Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      Default: expect.stringMatching(/al2023-ami-kernel.*-arm64$/) as string,
    });
  });

  test('is reached by nobody, and reaches the servers’ port and the endpoints', () => {
    const group = resource(template, 'AWS::EC2::SecurityGroup', 'GatewaySecurityGroup');
    expect(group).not.toHaveProperty('SecurityGroupIngress');
    expect(group['SecurityGroupEgress']).toEqual([
      expect.objectContaining({ CidrIp: '10.0.0.0/16', FromPort: 443, ToPort: 443 }),
    ]);
    const egress = Object.values(find(template, 'AWS::EC2::SecurityGroupEgress'));
    expect(egress.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([[5432, 5432]]);
    const ingress = Object.values(find(template, 'AWS::EC2::SecurityGroupIngress'));
    expect(ingress).toHaveLength(1);
    expect(JSON.stringify(ingress[0]?.['SourceSecurityGroupId'])).toContain('GatewaySecurityGroup');
  });

  test('needs two endpoints, which serve this account alone', () => {
    const endpoints = Object.values(find(template, 'AWS::EC2::VPCEndpoint'));
    expect(endpoints.map(({ ServiceName }) => ServiceName)).toEqual([
      `com.amazonaws.${REGION}.ssm`,
      `com.amazonaws.${REGION}.ssmmessages`,
    ]);
    for (const { PolicyDocument, SubnetIds } of endpoints) {
      expect(JSON.stringify(PolicyDocument)).toContain('aws:PrincipalAccount');
      expect(SubnetIds).toHaveLength(1);
    }
  });
});

test('a session is a tunnel to one server’s port and nothing else', () => {
  const documents = Object.values(find(withAccess(), 'AWS::SSM::Document'));
  expect(documents.map(({ Name }) => Name)).toEqual([
    'production-connect-primary',
    'production-connect-replica-1',
    'production-connect-replica-2',
  ]);
  for (const { DocumentType, Content } of documents) {
    const { sessionType, parameters, properties } = Content as Record<string, Record<string, unknown>>;
    expect([DocumentType, sessionType, Object.keys(parameters!)]).toEqual(['Session', 'Port', ['localPortNumber']]);
    expect(properties).toMatchObject({ portNumber: '5432', type: 'LocalPortForwarding' });
    expect(JSON.stringify(properties!['host'])).toContain('EndpointAddress');
  }
});
