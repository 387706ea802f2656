import { createApp } from '../../lib/app';
import { EnvironmentAssembly } from '../../lib/assembly/environment-assembly';
import { MASTER_USER } from '../../lib/contract/roles';
import { temporaryOutdir } from '../support/app';

let production: EnvironmentAssembly;
let dev: EnvironmentAssembly;

beforeAll(() => {
  const outdir = temporaryOutdir();
  createApp({ environments: ['production', 'dev'], outdir, bundle: false }).synth();
  production = new EnvironmentAssembly(outdir, 'production');
  dev = new EnvironmentAssembly(outdir, 'dev');
}, 60_000);

test('every resource is known by its stack and its logical id', () => {
  const keys = production.resources.map(({ stack, logicalId }) => `${stack}/${logicalId}`);
  expect(new Set(keys).size).toBe(production.resources.length);
  const instances = production.ofType('AWS::RDS::DBInstance');
  expect(instances.map(({ stack }) => stack)).toEqual(Array(3).fill('production-Database'));
  expect(production.ofStack('production-Drills').map(({ type }) => type)).toContain('AWS::StepFunctions::StateMachine');
  expect(dev.ofType('AWS::StepFunctions::StateMachine')).toEqual([]);
});

test('every stack has its region, and what it needs of the bootstrap', () => {
  const regions = Object.fromEntries(production.stacks.map(({ name, region }) => [name, region]));
  expect(regions).toMatchObject({ 'production-Database': 'us-east-1', 'production-Recovery': 'us-west-2' });
  for (const { bootstrap } of production.stacks) {
    expect(bootstrap).toEqual({ version: expect.any(Number) as number, parameter: '/cdk-bootstrap/hnb659fds/version' });
  }
});

test('the variables of a function are read with logical ids in place of names that only a deployment knows', () => {
  const { ENVIRONMENT, SOURCE } = production.variables('drill');
  expect(ENVIRONMENT).toBe('production');
  const [primary] = production
    .ofType('AWS::RDS::DBInstance')
    .filter(({ properties }) => properties['MasterUsername'] === MASTER_USER);
  expect(JSON.parse(SOURCE!)).toEqual({ instanceId: primary?.logicalId });
  expect(() => dev.variables('drill')).toThrow('the assembly of dev has no function drill');
});
