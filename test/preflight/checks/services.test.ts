import { DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';
import { GetRoleCommand, NoSuchEntityException } from '@aws-sdk/client-iam';
import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { connect } from '../../../lib/account/aws';
import { backupChecks } from '../../../lib/preflight/checks/backup';
import { ACCOUNT, backup, COMPLETE, goodAccount, iam, secretsManager } from '../account';
import { lineOf, run, wantedOf } from '../run';

beforeAll(() => void wantedOf(COMPLETE), 120_000);
beforeEach(goodAccount);

describe('AWS Backup', () => {
  const lines = (selection: object) => {
    const wanted = wantedOf(COMPLETE);
    const resources = wanted.resources.map((resource) =>
      resource.type === 'AWS::Backup::BackupSelection'
        ? { ...resource, properties: { BackupSelection: selection } }
        : resource,
    );
    return Promise.all(backupChecks({ ...wanted, resources }).map((check) => check.run(connect())));
  };

  test.each([
    ['by tag', true, 'ok', { ListOfTags: [{}] }],
    ['by tag', false, 'refused', { ListOfTags: [{}] }],
    ['of servers', false, 'warning', { ListOfTags: [{}], Resources: ['arn:aws:rds:*:*:db:*'] }],
  ])('a selection %s with the opt-in of RDS %s is %s', async (_, RDS, status, selection) => {
    backup.on(DescribeRegionSettingsCommand).resolves({ ResourceTypeOptInPreference: { RDS } });
    expect(await lines(selection)).toMatchObject([{ name: 'AWS Backup in us-east-1', status }]);
  });

  test('an account that has never decided is not opted in', async () => {
    backup.on(DescribeRegionSettingsCommand).resolves({});
    expect(await lines({ ListOfTags: [{}] })).toMatchObject([
      {
        status: 'refused',
        action: 'aws backup update-region-settings --region us-east-1 --resource-type-opt-in-preference RDS=true',
      },
    ]);
  });
});

describe('PagerDuty secret', () => {
  const allowed = expect.stringContaining('whole text is the integration key') as string;

  test.each([
    ['does not exist', new ResourceNotFoundException({ message: 'not found', $metadata: {} })],
    ['is marked for deletion', new InvalidRequestException({ message: 'marked for deletion', $metadata: {} })],
  ])('one that %s is refused', async (_, error) => {
    secretsManager.on(GetSecretValueCommand).rejects(error);
    expect(await lineOf('PagerDuty secret')).toMatchObject({
      status: 'refused',
      found: 'pagerduty/key does not exist in us-east-1, or is marked for deletion',
      allowed,
    });
  });

  test.each(['', ' ', '{"key":"0123456789abcdef"}', '0123456789abcdef\n', ' 0123456789abcdef'])(
    'the value %j is refused, and not printed',
    async (SecretString) => {
      secretsManager.on(GetSecretValueCommand).resolves({ SecretString });
      const line = await lineOf('PagerDuty secret');
      expect(line).toMatchObject({ status: 'refused', allowed });
      expect(JSON.stringify(line)).not.toContain('0123456789abcdef');
    },
  );

  test('a secret of bytes is refused', async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1, 2, 3]) });
    expect(await lineOf('PagerDuty secret')).toMatchObject({ status: 'refused' });
  });

  test('a key that these credentials may not decrypt is not checked, and the action is the key’s', async () => {
    const message = `User: ada is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:${ACCOUNT}:key/1`;
    secretsManager
      .on(GetSecretValueCommand)
      .rejects(Object.assign(new Error(message), { name: 'AccessDeniedException' }));
    expect(await lineOf('PagerDuty secret')).toMatchObject({
      status: 'not checked',
      found: 'these credentials may not call it: needs kms:Decrypt',
    });
  });

  test('without PagerDuty nothing is asked', async () => {
    const { checks } = await run({ ...COMPLETE, notifications: { emails: ['oncall@salons.dev'] } });
    expect(checks.map(({ name }) => name)).not.toContain('PagerDuty secret');
    expect(secretsManager.commandCalls(GetSecretValueCommand)).toEqual([]);
  }, 120_000);
});

test.each([
  ['AWSServiceRoleForRDS', 'warning', 'rds.amazonaws.com'],
  ['AWSServiceRoleForBackup', 'warning', 'backup.amazonaws.com'],
  ['AWSServiceRoleForBackupRestoreTesting', 'warning', 'restore-testing.backup.amazonaws.com'],
  ['AWSServiceRoleForBackupReports', 'refused', 'reports.backup.amazonaws.com'],
])('without the role %s: %s', async (RoleName, status, service) => {
  iam.on(GetRoleCommand, { RoleName }).rejects(new NoSuchEntityException({ message: 'not found', $metadata: {} }));
  expect(await lineOf(`role ${RoleName}`)).toMatchObject({
    status,
    action: `aws iam create-service-linked-role --aws-service-name ${service}`,
  });
});
