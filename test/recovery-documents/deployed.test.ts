import { loadEnvironment } from '../../lib/config';
import { deployedDocuments } from '../../lib/recovery-documents/deployed';

function namesOf(environment: Parameters<typeof loadEnvironment>[0]): string[] {
  return deployedDocuments(loadEnvironment(environment)).map(({ name }) => name);
}

test('each environment gets the documents that make sense there', () => {
  expect(namesOf('production')).toEqual(
    expect.arrayContaining([
      'production-force-failover',
      'production-promote-replica-1',
      'production-promote-replica-2',
      'production-rebuild-replica-1',
      'production-rebuild-replica-2',
      'production-recover-table',
      'production-restore',
      'production-switch-over',
    ]),
  );
  expect(namesOf('staging')).toContain('staging-promote-replica-1');
});

test('without replicas, a standby and drills there are only the restore and the switch-over', () => {
  const dev = namesOf('dev');
  expect(dev).toEqual(expect.arrayContaining(['dev-restore', 'dev-switch-over']));
  expect(dev.filter((name) => /promote|rebuild|recover-table|force-failover/.test(name))).toEqual([]);
});
