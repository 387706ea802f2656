import { setTimeout } from 'node:timers/promises';
import { BackupClient, PutRestoreValidationResultCommand } from '@aws-sdk/client-backup';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { chatNotification } from '../../lib/contract/chat-notification';
import { logger } from '../shared/logger';
import { check, type CheckDependencies } from './check';
import { type Verdict, verdictOf } from './decide';
import { readEnv, type RestoreValidationSettings } from './env';
import type { RestoreTestEvent } from './event';

/** Settings, AWS clients, waiting and clock; tests replace them. */
interface RestoreValidationDependencies extends Omit<CheckDependencies, 'checkFunction'> {
  readonly settings: RestoreValidationSettings;
  readonly backup: Pick<BackupClient, 'send'>;
  readonly sns: Pick<SNSClient, 'send'>;
}

type Handler = (event: RestoreTestEvent) => Promise<Verdict>;

/**
 * Creates the validation of a restore test: it has the restored database checked, gives AWS Backup the verdict, which is final, and
 * notifies people. AWS Backup then deletes the restored instance.
 */
export function createHandler({ settings, backup, sns, ...clients }: RestoreValidationDependencies): Handler {
  return async (event) => {
    const { restoreJobId } = event.detail;
    const outcome = await check(event, { ...clients, checkFunction: settings.checkFunction });
    const verdict = verdictOf(outcome, event);
    logger.info('verdict', { restoreJobId, ...verdict });
    // In parallel, so that one is sent even when the other fails.
    const results = await Promise.allSettled([
      (backup as BackupClient).send(
        new PutRestoreValidationResultCommand({
          RestoreJobId: restoreJobId,
          ValidationStatus: verdict.status,
          ValidationStatusMessage: verdict.message,
        }),
      ),
      (sns as SNSClient).send(new PublishCommand(notificationOf(verdict, event, settings))),
    ]);
    const failures = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    if (failures[0]) throw failures[0];
    return verdict;
  };
}

function notificationOf(
  { status, message }: Verdict,
  { detail: { restoreJobId } }: RestoreTestEvent,
  { environment, topics }: RestoreValidationSettings,
): { TopicArn: string; Subject: string; Message: string; MessageStructure: string } {
  const title = `Restore test of ${environment}: ${status}`;
  const lines = [message, `Restore job: ${restoreJobId}`, 'Runbook: lib/runbooks/PostgreSQLRestoreFailed.md'];
  return {
    TopicArn: status === 'SUCCESSFUL' ? topics.passed : topics.failed,
    Subject: title,
    MessageStructure: 'json',
    // `https` goes to Slack, `default` is the text for mail.
    Message: JSON.stringify({ default: lines.join('\n'), https: JSON.stringify(chatNotification(title, lines)) }),
  };
}

let run: Handler | undefined;

/** Entry point in AWS. */
export const handler: Handler = (event) => {
  run ??= createHandler(awsDependencies());
  return run(event);
};

function awsDependencies(): RestoreValidationDependencies {
  const { region, ...settings } = readEnv();
  return {
    settings,
    rds: new RDSClient({ region }),
    // The check may take as long as a function may run. Without these settings the SDK would time out and invoke it a second time.
    lambda: new LambdaClient({ region, maxAttempts: 1, requestHandler: { requestTimeout: 0 } }),
    backup: new BackupClient({ region }),
    sns: new SNSClient({ region }),
    sleep: async (ms) => setTimeout(ms),
    now: () => new Date(),
  };
}
