import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { type RecoveryDocument, RECOVERY_DOCUMENTS } from '../../lib/recovery-documents/entries';
import { runbookPages } from '../../lib/runbooks/update';
import { filledIn } from '../support/aws/filled-in';
import { find, onlyOne } from '../support/synth';
import { synthesizeEnvironment } from '../support/synthesizer';

// Everything that somebody who adds a document writes: its file and its entry.
const folder = mkdtempSync(join(tmpdir(), 'recovery-document-'));
const ENTRY: RecoveryDocument = {
  file: relative(join(__dirname, '../../lib/recovery-documents/documents'), join(folder, 'restart-primary')),
  name: 'restart',
  needs: [],
  alerts: ['PostgreSQLParametersPending'],
  permissions: [{ actions: ['rds:DescribeDBInstances', 'rds:RebootDBInstance'], resources: ['${Rds}:db:${Primary}'] }],
};
const FILE = `
schemaVersion: '0.3'
description: |
  Restarts the primary of \${Environment}. Sessions are cut for a minute.

  Nothing is left to do afterwards.
assumeRole: \${Role}
parameters:
  Reason: { type: String, description: Why. }
mainSteps:
  - name: approve
    description: The second person agrees.
    action: aws:approve
    timeoutSeconds: 600
    inputs:
      NotificationArn: \${Topic}
      Message: 'Restart the primary of \${Environment}? Reason: {{ Reason }}'
      MinRequiredApprovals: \${Approvals}
      Approvers: \${Approvers}
  - name: restart
    description: Restarts it.
    action: aws:executeAwsApi
    inputs: { Service: rds, Api: RebootDBInstance, DBInstanceIdentifier: '\${Primary}' }
  - name: waitAvailable
    description: It serves again.
    action: aws:waitForAwsResourceProperty
    timeoutSeconds: 900
    inputs:
      Service: rds
      Api: DescribeDBInstances
      DBInstanceIdentifier: \${Primary}
      PropertySelector: $.DBInstances[0].DBInstanceStatus
      DesiredValues: [available]
`;

beforeAll(() => {
  writeFileSync(join(folder, 'restart-primary.yaml'), FILE);
  // The list is read when the first environment is synthesized.
  (RECOVERY_DOCUMENTS as RecoveryDocument[]).push(ENTRY);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a file and an entry deploy a document, with a role that may do its steps', () => {
  // In this file's sandbox, where the list has the new entry.
  const operations = Template.fromJSON(synthesizeEnvironment('dev')['Operations'] ?? {});
  const document = onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'dev-restart' }));
  expect(JSON.stringify(document['Content'])).toContain('Restart the primary of dev?');
  expect(JSON.stringify(filledIn(document['Content']))).not.toContain('${');

  const { assumeRole } = document['Content'] as { assumeRole: { 'Fn::GetAtt': [string] } };
  const policy = onlyOne(
    find(operations, 'AWS::IAM::Policy', { Roles: [{ Ref: assumeRole['Fn::GetAtt'][0] }] }),
  ) as unknown as { PolicyDocument: { Statement: { Action: string | string[] }[] } };
  expect(policy.PolicyDocument.Statement.flatMap(({ Action }) => Action)).toEqual([
    'rds:DescribeDBInstances',
    'rds:RebootDBInstance',
    'sns:Publish',
    'kms:Decrypt',
    'kms:GenerateDataKey',
  ]);
});

test('it is in the index of the runbooks and on the page of the alert that it helps with', () => {
  const pages = runbookPages();
  expect(pages.get('lib/runbooks/README.md')).toContain(
    '| `production-restart` | Restarts the primary of production. Sessions are cut for a minute. | ' +
      '`aws ssm start-automation-execution --document-name production-restart --tags Key=whatsapp-saas:recovery,Value=production --parameters "Reason=<Reason>"` |',
  );
  expect(pages.get('lib/runbooks/PostgreSQLParametersPending.md')).toContain('`production-restart`');
});
