import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds';
import type { CheckStep, StepErrorName, StepEvent, Validated } from '../../lib/contract/drill/state';
import { nameAndMessage } from '../shared/errors';
import type { CheckOutcome } from './decide';
import type { RestoreTestEvent } from './event';

/** Clients, waiting and clock. */
export interface CheckDependencies {
  readonly rds: Pick<RDSClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  /** Name of the function that checks restored databases (lambda/drill-check). */
  readonly checkFunction: string;
  /** Waits for a number of milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => Date;
}

/** How often the log-in to a restored instance is tried. */
export const CONNECT_ATTEMPTS = 16;
/** Pause between two attempts to log in, milliseconds. */
export const CONNECT_PAUSE_MS = 15_000;

/**
 * Has the function of the drills log in to a restored instance and check it. Never throws: an error of the check is also an outcome,
 * because AWS Backup shows a restore test without a verdict like one that is not validated.
 */
export async function check(event: RestoreTestEvent, dependencies: CheckDependencies): Promise<CheckOutcome> {
  try {
    const instance = await addressOf(event.detail.createdResourceArn, dependencies.rds);
    const step = (name: CheckStep) => run(name, instance, event, dependencies);
    await connect(step, dependencies);
    return { validated: (await step('validate')) as Validated };
  } catch (error) {
    return { fault: nameAndMessage(error) };
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

async function addressOf(arn: string, rds: CheckDependencies['rds']): Promise<Address> {
  const id = arn.split(':')[6] ?? '';
  const { DBInstances = [] } = await (rds as RDSClient).send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }),
  );
  const { Address: host, Port: port } = DBInstances[0]?.Endpoint ?? {};
  if (host === undefined || port === undefined) throw new Error(`RDS gives no address of ${arn}`);
  return { host, port };
}

async function connect(
  step: (name: CheckStep) => Promise<unknown>,
  { sleep }: Pick<CheckDependencies, 'sleep'>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await step('connect');
      return;
    } catch (error) {
      const isEarly = error instanceof Error && error.name === ('NotConnected' satisfies StepErrorName);
      if (!isEarly || attempt >= CONNECT_ATTEMPTS) throw error;
      await sleep(CONNECT_PAUSE_MS);
    }
  }
}

/** @throws Error with the name and message of the step's error */
async function run(
  step: CheckStep,
  instance: Address,
  { detail: { restoreJobId } }: RestoreTestEvent,
  { lambda, checkFunction, now }: CheckDependencies,
): Promise<unknown> {
  const at = now().toISOString();
  const event: StepEvent<CheckStep> = {
    step,
    purpose: 'drill',
    execution: restoreJobId,
    startedAt: at,
    state: { input: {}, instance: { ready: true, status: 'available', at, ...instance } },
  };
  const { FunctionError, Payload } = await (lambda as LambdaClient).send(
    new InvokeCommand({ FunctionName: checkFunction, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') as unknown;
  if (FunctionError === undefined) return answer;
  const { errorType = FunctionError, errorMessage = 'no message' } = (answer ?? {}) as Record<string, string>;
  throw Object.assign(new Error(errorMessage), { name: errorType });
}
