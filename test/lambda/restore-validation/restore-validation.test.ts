import { BackupClient, PutRestoreValidationResultCommand } from '@aws-sdk/client-backup';
import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { DBInstanceNotFoundFault, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import type { Client } from 'pg';
import { createHandler as createCheck } from '../../../lambda/drill-check';
import { createHandler } from '../../../lambda/restore-validation';
import { CONNECT_ATTEMPTS, CONNECT_PAUSE_MS } from '../../../lambda/restore-validation/check';
import { readEnv } from '../../../lambda/restore-validation/env';
import type { CheckStep, StepEvent } from '../../../lib/contract/drill/state';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { letDrillIn, ROLE_PASSWORD } from '../../support/aws/drill-rig';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';
import { Rows } from '../../support/database/rows';

const SETTINGS = {
  environment: 'production',
  checkFunction: 'the-check',
  topics: { passed: 'arn:passed', failed: 'arn:failed' },
};
const RESTORED = 'awsbackup-restore-test-1a2b';
/** An event as in AWS Backup's developer guide, "Monitoring AWS Backup events using Amazon EventBridge". */
const EVENT = {
  detail: {
    restoreJobId: 'AB123456-78C9-0123-456D-789012E34567',
    createdResourceArn: `arn:aws:rds:us-east-1:123456789012:db:${RESTORED}`,
    creationDate: '2026-12-01T06:10:00.000Z',
    completionDate: '2026-12-01T06:34:00.000Z',
  },
};

const rds = mockClient(RDSClient);
const lambda = mockClient(LambdaClient);
const backup = mockClient(BackupClient);
const sns = mockClient(SNSClient);

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let pauses: number[];
/** How often the restored instance refuses the log-in. */
let refusals: number;

// One server is both the restored instance and the source; the check itself is tested in test/lambda/drill-check.
beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await letDrillIn(admin);
  await admin.query("INSERT INTO heartbeat (id, beat_at) VALUES (1, now() - interval '1 hour')");
  const rows = new Rows(admin);
  await rows.salon('s');
  await rows.booking('s', '10:00', '11:00', '3 hours');
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder.dispose();
});

beforeEach(() => {
  for (const client of [rds, lambda, backup, sns]) client.reset();
  [pauses, refusals] = [[], 0];
  const { host, port } = cluster.primary;
  rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: RESTORED }).resolves({
    DBInstances: [{ DBInstanceIdentifier: RESTORED, Endpoint: { Address: host, Port: port } }],
  });
  lambda.on(InvokeCommand, { FunctionName: 'the-check' }).callsFake(({ Payload }: { Payload: Uint8Array }) => {
    return invoke(JSON.parse(Buffer.from(Payload).toString()) as StepEvent<CheckStep>);
  });
  backup.on(PutRestoreValidationResultCommand).resolves({});
  sns.on(PublishCommand).resolves({});
});

/** Lambda's answer after it runs the real check against the real server: the result, or the error in Lambda's form. */
async function invoke(event: StepEvent<CheckStep>): Promise<Partial<InvokeCommandOutput>> {
  const { host, port } = cluster.primary;
  const check = createCheck({
    settings: { database: DATABASE, source: { host, port } },
    ca: cluster.ca,
    password: () => Promise.resolve(refusals-- > 0 ? 'not-yet' : ROLE_PASSWORD),
    now: () => new Date(),
  });
  try {
    return answer(await check(event));
  } catch (error) {
    const { name, message } = error as Error;
    return { FunctionError: 'Unhandled', ...answer({ errorType: name, errorMessage: message }) };
  }
}

function answer(payload: object): Pick<InvokeCommandOutput, 'Payload'> {
  return { Payload: Buffer.from(JSON.stringify(payload)) as unknown as InvokeCommandOutput['Payload'] };
}

const validate = () =>
  createHandler({
    settings: SETTINGS,
    rds: new RDSClient({}),
    lambda: new LambdaClient({}),
    backup: new BackupClient({}),
    sns: new SNSClient({}),
    sleep: (ms) => Promise.resolve(void pauses.push(ms)),
    now: () => new Date(),
  })(EVENT);

/** The only verdict and the only notification. */
function sent() {
  const verdicts = backup.commandCalls(PutRestoreValidationResultCommand).map(({ args: [{ input }] }) => input);
  const notifications = sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input);
  expect([verdicts.length, notifications.length]).toEqual([1, 1]);
  const { default: mail, https } = JSON.parse(notifications[0]?.Message ?? '') as { default: string; https: string };
  return { verdict: verdicts[0]!, notification: notifications[0]!, mail, slack: JSON.parse(https) as unknown };
}

test('a complete restored database passes, and the verdict says what was found', async () => {
  await validate();
  const { verdict, notification, mail } = sent();
  expect(verdict).toEqual({
    RestoreJobId: EVENT.detail.restoreJobId,
    ValidationStatus: 'SUCCESSFUL',
    ValidationStatusMessage: expect.stringMatching(
      /^\d+ migrations; 2 rows in \d+ tables; data up to 20\S+Z; log-ins of drill_user, readonly_user, metrics_user; restored in 24 min$/,
    ) as unknown,
  });
  expect(notification).toMatchObject({ TopicArn: 'arn:passed', Subject: 'Restore test of production: SUCCESSFUL' });
  expect(mail).toContain(verdict.ValidationStatusMessage);
});

test('an incomplete restored database fails with the reason, also in the form that Slack shows', async () => {
  await admin.query('UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE $1', ['%heartbeat']);
  try {
    await validate();
  } finally {
    await admin.query('UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL');
  }
  const { verdict, notification, slack } = sent();
  expect(verdict.ValidationStatus).toBe('FAILED');
  expect(verdict.ValidationStatusMessage).toMatch(
    /^ValidationFailed: migrations began and did not finish: \d+_heartbeat/,
  );
  expect(notification.TopicArn).toBe('arn:failed');
  expect(slack).toMatchObject({ source: 'custom', content: { title: 'Restore test of production: FAILED' } });
});

test('an instance that refuses log-ins at first is tried again', async () => {
  refusals = 3;
  await validate();
  expect(sent().verdict.ValidationStatus).toBe('SUCCESSFUL');
  expect(pauses).toEqual([CONNECT_PAUSE_MS, CONNECT_PAUSE_MS, CONNECT_PAUSE_MS]);
});

test('an instance that never accepts a log-in fails', async () => {
  refusals = Infinity;
  await validate();
  expect(sent().verdict).toMatchObject({
    ValidationStatus: 'FAILED',
    ValidationStatusMessage: expect.stringContaining('NotConnected: ') as unknown,
  });
  expect(pauses).toHaveLength(CONNECT_ATTEMPTS - 1);
});

const NOT_FOUND = new DBInstanceNotFoundFault({ message: 'instance not found', $metadata: {} });
const TIMED_OUT = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 900.00 seconds' };

test.each([
  [
    'an instance that does not exist',
    () => rds.on(DescribeDBInstancesCommand).rejects(NOT_FOUND),
    'DBInstanceNotFoundFault: instance not found',
  ],
  [
    'an instance without an address',
    () => rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{}] }),
    `Error: RDS gives no address of ${EVENT.detail.createdResourceArn}`,
  ],
  [
    'a check that runs out of time',
    () => lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', ...answer(TIMED_OUT) }),
    'Sandbox.Timedout: Task timed out after 900.00 seconds',
  ],
])('%s fails the restore test', async (_, arrange, message) => {
  arrange();
  await validate();
  expect(sent().verdict).toMatchObject({ ValidationStatus: 'FAILED', ValidationStatusMessage: message });
});

test('when the notification or the verdict fails, the other is still sent, and the call fails', async () => {
  sns.on(PublishCommand).rejects(new Error('the topic is gone'));
  await expect(validate()).rejects.toThrow('the topic is gone');
  expect(sent().verdict.ValidationStatus).toBe('SUCCESSFUL');
  for (const client of [backup, sns]) client.reset();
  backup.on(PutRestoreValidationResultCommand).rejects(new Error('the verdict was given already'));
  sns.on(PublishCommand).resolves({});
  await expect(validate()).rejects.toThrow('the verdict was given already');
  expect(sent().notification.TopicArn).toBe('arn:passed');
});

test('the settings are read, and every missing variable is named', () => {
  const topics = { PASSED_TOPIC_ARN: 'p', FAILED_TOPIC_ARN: 'f' };
  const variables = { ENVIRONMENT: 'dev', CHECK_FUNCTION: 'c', AWS_REGION: 'r', ...topics };
  expect(readEnv(variables)).toEqual({
    environment: 'dev',
    checkFunction: 'c',
    topics: { passed: 'p', failed: 'f' },
    region: 'r',
  });
  expect(() => readEnv({ ...variables, CHECK_FUNCTION: '', AWS_REGION: undefined })).toThrow(
    'CHECK_FUNCTION, AWS_REGION',
  );
});
