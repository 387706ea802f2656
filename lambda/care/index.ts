import { BackupClient } from '@aws-sdk/client-backup';
import { BudgetsClient } from '@aws-sdk/client-budgets';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { CARE_JOBS, type CareJob, jobMetric, publishesSuccess } from '../../lib/contract/care/jobs';
import { notificationOf, type Section } from '../../lib/contract/care/section';
import { nameAndMessage } from '../shared/errors';
import { logger } from '../shared/logger';
import { PATIENCE } from '../shared/patience';
import { publish } from '../shared/publish';
import { sendNotification } from '../shared/send-notification';
import type { CareClients, Question } from './aws';
import { type CareSettings, readEnv } from './env';
import { isInWindow } from './maintenance';
import { QUESTIONS } from './questions';

export type { CareClients };

/** Settings, AWS clients and clock; tests and the rehearsal replace them. */
interface CareDependencies {
  readonly settings: CareSettings;
  readonly clients: CareClients;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly sns: Pick<SNSClient, 'send'>;
  readonly now: () => Date;
}

/** What a schedule sends. */
export interface CareEvent {
  readonly job: CareJob;
}

/** What the notifications are called. */
const NAMES: Readonly<Record<CareJob, string>> = {
  intents: 'Refresh of the intents',
  daily: 'Daily digest',
  weekly: 'Weekly review',
  monthly: 'Monthly review',
  quarterly: 'Quarterly review',
};

/**
 * Creates the function that looks after an environment. A run has the work on the database done, asks AWS, sends one notification of both, and
 * publishes its success. The hourly refresh sends no notification: 24 mails a day would hide the others, and the daily digest counts its runs. A
 * run in which something could not be found out sends its notification, and fails.
 */
export function createHandler(dependencies: CareDependencies): (event: CareEvent) => Promise<void> {
  const { settings, clients, lambda, sns, now } = dependencies;
  const { environment } = settings;
  return async ({ job }) => {
    if (!CARE_JOBS.includes(job)) {
      throw new Error(`${JSON.stringify(job)} is no job; allowed: ${CARE_JOBS.join(', ')}`);
    }
    const started = now();
    if (isInWindow(started, settings.maintenance)) {
      logger.warn('left out: the maintenance window of the database', { job });
      return;
    }
    const questions = QUESTIONS[job].filter(({ applies }) => applies === undefined || applies(settings));
    const answers = questions.map((question) => sectionOf(question, clients, settings, started));
    const sections = [...(await databaseSections(lambda, settings, job)), ...(await Promise.all(answers))];
    const notification = notificationOf(`${NAMES[job]} of ${environment}`, sections);
    logger.info('notification', { job, ...notification });
    if (job !== 'intents') await sendNotification(sns, settings.topic, notification);
    const failed = sections.filter(({ state }) => state === 'failed');
    if (failed.length > 0) {
      throw new Error(`failed: ${failed.map(({ title, lines }) => `${title} (${lines.join('; ')})`).join(', ')}`);
    }
    if (!publishesSuccess(job, started)) return;
    await publish(clients.cloudWatch, [{ metric: jobMetric(job), values: [1] }], environment, started);
  };
}

async function sectionOf(
  { title, ask }: Question,
  clients: CareClients,
  settings: CareSettings,
  now: Date,
): Promise<Section> {
  try {
    return { title, ...(await ask(clients, settings, now)) };
  } catch (error) {
    return { title, state: 'failed', lines: [nameAndMessage(error)] };
  }
}

/** What the function inside the VPC found. That it fails is a section too: AWS is asked all the same. */
async function databaseSections(
  lambda: Pick<LambdaClient, 'send'>,
  { databaseFunction }: CareSettings,
  job: CareJob,
): Promise<Section[]> {
  try {
    const { FunctionError, Payload } = await (lambda as LambdaClient).send(
      new InvokeCommand({ FunctionName: databaseFunction, Payload: JSON.stringify({ job }) }),
    );
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') as unknown;
    if (FunctionError !== undefined) {
      const { errorMessage } = (answer ?? {}) as { readonly errorMessage?: string };
      throw new Error(`${databaseFunction} failed: ${errorMessage ?? FunctionError}; its log says more`);
    }
    return answer as Section[];
  } catch (error) {
    return [{ title: 'Work on the database', state: 'failed', lines: [nameAndMessage(error)] }];
  }
}

let care: ((event: CareEvent) => Promise<void>) | undefined;

/** Entry point in AWS. */
export const handler = (event: CareEvent): Promise<void> => {
  care ??= createHandler(awsDependencies());
  return care(event);
};

/** A run on the database takes minutes, and the client waits for it: longer than the function may take. */
const INVOKE_TIMEOUT_MS = 15 * 60_000;

function awsDependencies(): CareDependencies {
  const settings = readEnv();
  const { region } = settings;
  return {
    settings,
    clients: {
      cloudWatch: new CloudWatchClient({ region, ...PATIENCE }),
      backup: new BackupClient({ region, ...PATIENCE }),
      secretsManager: new SecretsManagerClient({ region, ...PATIENCE }),
      // Budgets has one endpoint for all regions (AWS General Reference, "AWS Budgets endpoints").
      budgets: new BudgetsClient({ region: 'us-east-1', ...PATIENCE }),
    },
    // Once: work that is repeated would be compared with itself.
    lambda: new LambdaClient({
      region,
      maxAttempts: 1,
      requestHandler: { requestTimeout: INVOKE_TIMEOUT_MS, throwOnRequestTimeout: true },
    }),
    sns: new SNSClient({ region, ...PATIENCE }),
    now: () => new Date(),
  };
}
