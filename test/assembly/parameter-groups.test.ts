import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../../lib/app';
import { EnvironmentAssembly } from '../../lib/assembly/environment-assembly';
import { databaseParameters } from '../../lib/assembly/parameter-groups';
import { temporaryOutdir } from '../support/app';

test('production: the primary and the replicas each have their own group', () => {
  const { primary, replicas } = databaseParameters(synthesized('production'));
  expect(primary).toMatchObject({ 'rds.force_ssl': '1' });
  expect(primary).not.toHaveProperty('hot_standby_feedback');
  expect(replicas).toEqual({
    ...primary,
    hot_standby_feedback: '1',
    max_standby_archive_delay: expect.any(String) as string,
    max_standby_streaming_delay: expect.any(String) as string,
  });
}, 60_000);

test('dev: without replicas there are no parameters of replicas', () => {
  const { primary, replicas } = databaseParameters(synthesized('dev'));
  expect(primary).toMatchObject({ 'rds.force_ssl': '1' });
  expect(replicas).toBeUndefined();
}, 60_000);

const instance = (group: unknown, source?: object) => ({
  Type: 'AWS::RDS::DBInstance',
  Properties: { DBParameterGroupName: group, ...(source && { SourceDBInstanceIdentifier: source }) },
});
const group = (work_mem: string) => ({ Type: 'AWS::RDS::DBParameterGroup', Properties: { Parameters: { work_mem } } });
const SOURCE = { Ref: 'Main' };

test('descriptions and logical ids do not matter', () => {
  const assembly = written({
    Main: instance({ Ref: 'Replicas' }),
    Copy: instance({ Ref: 'Primary' }, SOURCE),
    Primary: group('1'),
    Replicas: group('2'),
    Unused: group('3'),
  });
  expect(databaseParameters(assembly)).toEqual({ primary: { work_mem: '2' }, replicas: { work_mem: '1' } });
});

test.each([
  ['no primary', { Copy: instance({ Ref: 'A' }, SOURCE), A: group('1') }, 'has 0 primary instances; allowed: one'],
  [
    'two primaries',
    { Main: instance({ Ref: 'A' }), Other: instance({ Ref: 'A' }), A: group('1') },
    'has 2 primary instances; allowed: one',
  ],
  [
    'replicas of different groups',
    {
      Main: instance({ Ref: 'A' }),
      One: instance({ Ref: 'A' }, SOURCE),
      Two: instance({ Ref: 'B' }, SOURCE),
      A: group('1'),
      B: group('2'),
    },
    'the replicas of test have 2 parameter groups; allowed: one for all',
  ],
  [
    'a group that is not in the template',
    { Main: instance('default.postgres15') },
    'the instance Main has the parameter group "default.postgres15"; allowed: a reference to a group of its stack',
  ],
])('fails with %s', (_, resources, sentence) => {
  expect(() => databaseParameters(written(resources))).toThrow(sentence);
});

function synthesized(environment: 'dev' | 'production'): EnvironmentAssembly {
  const outdir = temporaryOutdir();
  createApp({ environments: [environment], outdir, bundle: false }).synth();
  return new EnvironmentAssembly(outdir, environment);
}

/** An assembly of one stack with these resources. */
function written(resources: object): EnvironmentAssembly {
  const outdir = temporaryOutdir();
  const folder = join(outdir, 'assembly-test');
  mkdirSync(folder);
  const properties = { templateFile: 'stack.json', stackName: 'test-Database' };
  const artifacts = { Database: { type: 'aws:cloudformation:stack', properties } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  writeFileSync(join(folder, 'stack.json'), JSON.stringify({ Resources: resources }));
  return new EnvironmentAssembly(outdir, 'test');
}
