import {
  CloudFormationServiceException,
  DescribeStacksCommand,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { cloudFormation, COMPLETE, ec2, goodAccount, ssm } from '../account';
import { lineOf, wantedOf } from '../run';

beforeAll(() => void wantedOf(COMPLETE), 120_000);
beforeEach(goodAccount);

const toolkit = (StackStatus: StackStatus) => ({
  Stacks: [{ StackName: 'CDKToolkit', CreationTime: new Date(0), StackStatus }],
});

describe('bootstrap', () => {
  test.each(['us-east-1', 'us-west-2'])('is looked at in %s', async (region) => {
    expect(await lineOf(`bootstrap in ${region}`)).toMatchObject({ status: 'ok', found: 'version 30' });
  });

  test('a region without it is refused, with the command', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: 'UnknownError', $metadata: {} }));
    cloudFormation.on(DescribeStacksCommand, { StackName: 'CDKToolkit' }).rejects(
      new CloudFormationServiceException({
        name: 'ValidationError',
        message: 'Stack with id CDKToolkit does not exist',
        $fault: 'client',
        $metadata: {},
      }),
    );
    expect(await lineOf('bootstrap in us-west-2')).toEqual({
      name: 'bootstrap in us-west-2',
      status: 'refused',
      found: 'not bootstrapped',
      allowed: 'version 6 or later',
      action: 'npx cdk bootstrap aws://<account>/us-west-2',
    });
  });

  test.each([
    ['5', 'refused'],
    ['6', 'ok'],
  ])('version %s is %s', async (Value, status) => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value } });
    expect(await lineOf('bootstrap in us-east-1')).toMatchObject({ status, found: `version ${Value}` });
  });

  test.each([
    ['ROLLBACK_COMPLETE', 'refused'],
    ['DELETE_IN_PROGRESS', 'refused'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ok'],
  ] as const)('its stack in %s is %s', async (stackStatus, status) => {
    cloudFormation.on(DescribeStacksCommand, { StackName: 'CDKToolkit' }).resolves(toolkit(stackStatus));
    expect(await lineOf('bootstrap in us-east-1')).toMatchObject({ status });
  });

  test('under another name of the stack, the parameter tells', async () => {
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'CDKToolkit' })
      .rejects(Object.assign(new Error('Stack with id CDKToolkit does not exist'), { name: 'ValidationError' }));
    expect(await lineOf('bootstrap in us-east-1')).toMatchObject({ status: 'ok' });
  });
});

describe('zones', () => {
  const zone = (letter: string, ZoneId: string, change = {}) => ({
    ZoneName: `us-east-1${letter}`,
    ZoneId,
    State: 'available' as const,
    OptInStatus: 'opt-in-not-required' as const,
    ZoneType: 'availability-zone',
    ...change,
  });
  const zones = (...AvailabilityZones: object[]) =>
    ec2.on(DescribeAvailabilityZonesCommand).resolves({ AvailabilityZones });
  const [a, b, c, d] = [zone('a', 'use1-az6'), zone('b', 'use1-az1'), zone('c', 'use1-az2'), zone('d', 'use1-az4')];

  test('every letter is translated to the id that it has in this account', async () => {
    expect(await lineOf('zones')).toMatchObject({
      status: 'ok',
      found: 'us-east-1a (use1-az6), us-east-1b (use1-az1), us-east-1c (use1-az2)',
    });
  });

  test('use1-az3 is refused: it has neither RDS Proxy nor some functions', async () => {
    zones(a, b, zone('c', 'use1-az3'), d);
    expect(await lineOf('zones')).toEqual({
      name: 'zones',
      status: 'refused',
      found: 'us-east-1c is use1-az3, without RDS Proxy, functions in the VPC, interface endpoints',
      allowed: 'us-east-1a (use1-az6), us-east-1b (use1-az1), us-east-1d (use1-az4)',
      action: expect.stringContaining('network.availabilityZones') as string,
    });
  });

  test.each([
    ['missing', [a, b, d]],
    ['out of order', [a, b, zone('c', 'use1-az2', { State: 'unavailable' })]],
    ['not enabled', [a, b, zone('c', 'use1-az2', { OptInStatus: 'not-opted-in' })]],
    ['a local zone', [a, b, zone('c', 'use1-bos1-az1', { ZoneType: 'local-zone' })]],
  ])('a zone that is %s is refused', async (_, found) => {
    zones(...found);
    expect(await lineOf('zones')).toMatchObject({
      status: 'refused',
      found: 'us-east-1c is not an available zone of this account',
    });
  });

  test('only the configured zones count', async () => {
    zones(a, b, c, zone('e', 'use1-az3'));
    expect(await lineOf('zones')).toMatchObject({ status: 'ok' });
  });
});
