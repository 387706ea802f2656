import { loadEnvironment } from '../../lib/config';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import { alarmNames, entryFaults, type LoadedDocument } from '../../lib/recovery-documents/check';
import { readDocument } from '../../lib/recovery-documents/content';
import { deployedDocuments } from '../../lib/recovery-documents/deployed';
import { type RecoveryDocument, RECOVERY_DOCUMENTS } from '../../lib/recovery-documents/entries';

const documents = RECOVERY_DOCUMENTS.map((document) => ({ document, content: readDocument(document.file) }));
const alertsNamed = RECOVERY_DOCUMENTS.flatMap(({ alerts }) => alerts);

/** The documents, with those of one file changed. */
function changed(file: string, change: (loaded: LoadedDocument) => LoadedDocument): LoadedDocument[] {
  return documents.map((loaded) => (loaded.document.file === file ? change(loaded) : loaded));
}

function withEntry(file: string, entry: Partial<RecoveryDocument>): LoadedDocument[] {
  return changed(file, ({ document, content }) => ({ document: { ...document, ...entry }, content }));
}

function withText(file: string, text: string, other: string): LoadedDocument[] {
  return changed(file, ({ document, content }) => ({
    document,
    content: JSON.parse(JSON.stringify(content).replaceAll(text, () => other)) as LoadedDocument['content'],
  }));
}

test('the documents and their entries have no fault', () => {
  expect(entryFaults(documents, alertsNamed)).toEqual([]);
});

test.each<[string, LoadedDocument[], string]>([
  [
    'an alert that there is not',
    withEntry('recover-table', { alerts: ['TableLost'] }),
    'the entry of recover-table names the alert TableLost, which alerts.yml does not have',
  ],
  [
    'a misspelt placeholder in a document',
    withText('force-failover', '${Primary}', '${Primry}'),
    'force-failover.yaml uses ${Primry}; allowed: Environment, Region, ',
  ],
  [
    'a placeholder of replicas in a document that is not for one',
    withText('force-failover', '${Primary}', '${Replica}'),
    'force-failover.yaml uses ${Replica}; allowed: ',
  ],
  [
    'the role of the document in a permission',
    withEntry('recover-table', { permissions: [{ actions: ['states:StartExecution'], resources: ['${Role}'] }] }),
    'the entry of recover-table uses ${Role}; allowed: ',
  ],
  [
    'a placeholder that nothing uses',
    withText('rebuild-replica', '${ReplicaZone}', 'us-east-1a'),
    'no recovery document uses ${ReplicaZone}; delete it from placeholders.ts',
  ],
  [
    'a step that the role may not do',
    withEntry('recover-table', { permissions: [] }),
    'the steps of recover-table.yaml need states:StartExecution; add it to the permissions of its entry',
  ],
  [
    'a permission that no step needs',
    withEntry('force-failover', {
      permissions: [
        ...RECOVERY_DOCUMENTS.find(({ file }) => file === 'force-failover')!.permissions,
        { actions: ['rds:DeleteDBInstance'], resources: ['${Rds}:db:${Primary}'] },
      ],
    }),
    'the entry of force-failover permits rds:DeleteDBInstance, which its steps do not need; delete it',
  ],
])('fails on %s', (_, broken, sentence) => {
  expect(entryFaults(broken, alertsNamed)).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
});

test('fails for an environment without an alarm that a document reads', () => {
  expect(alarmNames(loadEnvironment('production'))).toContain('production-PostgreSQLDown-primary');
  const without = parseEnvironment('production', {
    ...production,
    alerts: { overrides: { PostgreSQLDown: { enabled: { enabled: false, reason: 'switched off by a test' } } } },
  });
  expect(() => deployedDocuments(without)).toThrow(
    'promote-replica.yaml reads the alarm production-PostgreSQLDown-primary, which alerts.yml does not give production',
  );
});
