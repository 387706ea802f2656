import { StackGraph } from '../support/stack-graph';
import { CONFIGURATIONS } from '../support/synth';

/** Types that are kept when their stack is deleted: they hold data, or data needs them. A bucket holds reports. */
const KEPT = ['AWS::KMS::Key', 'AWS::SecretsManager::Secret', 'AWS::Backup::BackupVault', 'AWS::S3::Bucket'];

/** Goes with its block of the configuration: the password of a server that has moved in, which is used nowhere any more. */
const GOES = /\/DatabaseImportSource/;

describe.each(CONFIGURATIONS)('%s', (environment) => {
  const graph = new StackGraph(environment);
  const policies = graph.resources.map(({ id, type, json, properties }) => ({
    id,
    type,
    deletion: json['DeletionPolicy'],
    replacement: json['UpdateReplacePolicy'],
    primary: type === 'AWS::RDS::DBInstance' && !('SourceDBInstanceIdentifier' in properties),
    protected: properties['DeletionProtection'] === true,
  }));

  test('no resource is kept when its creation is rolled back: it has no data, and its name would fail the next creation', () => {
    expect(policies.filter(({ deletion }) => deletion === 'Retain').map(({ id }) => id)).toEqual([]);
  });

  test('keys, vaults, secrets, reports and a protected primary are kept otherwise, and nothing else is', () => {
    const kept = policies.filter(({ deletion }) => deletion === 'RetainExceptOnCreate').map(({ id }) => id);
    const expected = policies.filter(
      (each) => !GOES.test(each.id) && (KEPT.includes(each.type) || (each.primary && each.protected)),
    );
    expect(expected.length).toBeGreaterThan(4);
    expect(kept).toEqual(expected.map(({ id }) => id));
    for (const { replacement } of expected) expect(replacement).toBe('Retain');
  });

  test('a primary without protection leaves a last snapshot, a replica nothing', () => {
    for (const server of policies.filter(({ type }) => type === 'AWS::RDS::DBInstance')) {
      if (!server.primary) expect(server.deletion).toBe('Delete');
      else if (!server.protected) expect(server.deletion).toBe('Snapshot');
    }
  });
});
