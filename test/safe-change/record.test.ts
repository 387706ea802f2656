import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { readRecord, recordFile, recordOf, recordText } from '../../lib/safe-change/record';
import { recordUpdate } from '../../lib/safe-change/update';
import { againstRecord } from '../../lib/safe-change/safe-change';
import { kindOf } from '../../lib/safe-change/stateful';
import { ROOT } from '../support/cli';
import { CONFIGURATIONS } from '../support/synth';
import { changed, resourceIn, templatesOf } from './states';

// CloudFormation replaces a resource whose logical id changes, and the data of a replaced database is lost. What this test shows as
// refused needs a plan for the data, not another record.
describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  test('nothing differs from the record in a way that loses data', () => {
    const { changes, staleEntries } = againstRecord(loadEnvironment(name), templatesOf(name));
    expect(changes.filter(({ verdict }) => verdict === 'refused')).toEqual([]);
    expect(staleEntries).toEqual([]);
  });

  test('the record is up to date (npm run update writes it)', () => {
    expect(readFileSync(join(ROOT, recordFile(name)), 'utf8')).toBe(recordText(templatesOf(name)));
  });

  test('the record has the servers, keys, secrets, vaults, logs and networks, and none of their passing values', () => {
    const types = new Set(
      Object.values(readRecord(name)).flatMap(({ Resources }) => Object.values(Resources!).map(({ Type }) => Type)),
    );
    for (const type of [
      'RDS::DBInstance',
      'KMS::Key',
      'SecretsManager::Secret',
      'Backup::BackupVault',
      'Logs::LogGroup',
      'EC2::VPC',
    ])
      expect(types).toContain(`AWS::${type}`);
    expect(readFileSync(join(ROOT, recordFile(name)), 'utf8')).not.toMatch(/DBInstanceClass|AllocatedStorage|"Tags"/);
  });
});

test('an environment without a record has nothing to lose yet', () => {
  expect(readRecord('demo')).toEqual({});
});

test('the record of a record is the record', () => {
  const record = recordOf(templatesOf('production'));
  expect(recordOf(record)).toEqual(record);
});

test('everything that a template keeps after its removal is stateful', () => {
  const kept = CONFIGURATIONS.flatMap((name) =>
    Object.values(templatesOf(name)).flatMap(({ Resources = {} }) =>
      Object.values(Resources).filter(({ DeletionPolicy }) => /^(Retain|Snapshot)/.test(DeletionPolicy ?? '')),
    ),
  );
  expect(kept.length).toBeGreaterThan(20);
  expect([...new Set(kept.filter((resource) => !kindOf(resource)).map(({ Type }) => Type))]).toEqual([]);
});

describe('npm run update', () => {
  const config = { name: 'production', allowedChanges: [] };
  const templates = templatesOf('production');
  const primaryWith = (name: string, value: unknown) =>
    changed(templates, (copy) => {
      resourceIn(copy, 'production-Database', 'DatabasePrimaryBBD54FE3').Properties[name] = value;
    });

  test('writes what is new or harmless', () => {
    const added = changed(templates, (copy) => {
      copy['production-Database']!.Resources['More'] = { Type: 'AWS::SQS::Queue', Properties: {} };
    });
    expect(recordUpdate(config, added).text).toContain('"More": {"Type":"AWS::SQS::Queue"');
    expect(recordUpdate(config, primaryWith('BackupRetentionPeriod', 36)).text).toContain('"BackupRetentionPeriod":36');
  });

  test('writes nothing where the record is up to date, or only passing values changed', () => {
    const file = recordFile('production');
    expect(recordUpdate(config, templates)).toEqual({ file });
    expect(recordUpdate(config, primaryWith('DBInstanceClass', 'db.r6g.large'))).toEqual({ file });
  });

  test('does not write what is refused, unless an entry lets it through', () => {
    const renamed = primaryWith('DBName', 'salons');
    expect(recordUpdate(config, renamed)).toEqual({
      file: recordFile('production'),
      refused: expect.stringMatching(
        /^lib\/safe-change\/record\/production\.json is not written: .*\n {2}refused/,
      ) as string,
    });
    const entry = {
      ...{ resource: 'production-Database/DatabasePrimaryBBD54FE3', changes: ['DBName'] },
      ...{ reason: 'the database is empty', until: new Date().toISOString().slice(0, 10) },
    };
    expect(recordUpdate({ ...config, allowedChanges: [entry] }, renamed).text).toContain('"DBName":"salons"');
  });
});
