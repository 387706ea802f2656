import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import type { createHandler } from '../../../lambda/restore-validation';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { CheckStep, StepEvent } from '../../contract/drill/state';
import type { ValidatedCopy } from './deployed-drill';
import type { CopyCheck } from './try-broken-copies';

/** An event of a completed restore test. The account does not exist. */
const RESTORE_TEST: Parameters<ReturnType<typeof createHandler>>[0] = {
  detail: {
    restoreJobId: 'rehearsed',
    createdResourceArn: 'arn:aws:rds:us-east-1:000000000000:db:awsbackup-restore-test-rehearsed',
  },
};
/** What AWS answers to a notification or a verdict. */
const ANSWERS = { send: () => Promise.resolve({}) };

/** The deployed checks of a restored database: that of the drills, and that of AWS Backup's restore test where the environment has one. */
export async function deployedChecks(assembly: EnvironmentAssembly, copy: ValidatedCopy): Promise<CopyCheck[]> {
  const drill: CopyCheck = { name: 'the restore drill', refusal: () => drillRefusal(copy) };
  return assembly.ofType('AWS::Backup::RestoreTestingPlan').length === 0
    ? [drill]
    : [drill, await restoreTest(assembly, copy)];
}

async function drillRefusal({ check, event }: ValidatedCopy): Promise<string | undefined> {
  try {
    await check(event);
    return undefined;
  } catch (error) {
    return nameAndMessage(error);
  }
}

async function restoreTest(assembly: EnvironmentAssembly, copy: ValidatedCopy): Promise<CopyCheck> {
  const { module } = await assembly.loadFunction<{ createHandler: typeof createHandler }>('restore-validation');
  const { host, port } = copy.address;
  const validate = module.createHandler({
    settings: {
      environment: assembly.environment,
      checkFunction: 'drill-check',
      topics: { passed: 'passed', failed: 'failed' },
    },
    rds: answering(() => Promise.resolve({ DBInstances: [{ Endpoint: { Address: host, Port: port } }] })),
    lambda: answering((input) => invoke(copy, input as InvokeCommandInput)),
    backup: ANSWERS as never,
    sns: ANSWERS as never,
    // The copy accepts log-ins already.
    sleep: () => Promise.resolve(),
    now: () => new Date(),
  });
  const refusal = async () => {
    const { status, message } = await validate(RESTORE_TEST);
    return status === 'FAILED' ? message : undefined;
  };
  return { name: 'the restore test of AWS Backup', refusal };
}

/** A client of AWS that answers in its place. */
function answering(answer: (input: unknown) => Promise<object>): never {
  return { send: (command: { input: unknown }) => answer(command.input) } as never;
}

/** Calls the deployed check as Lambda does: events, results and errors pass through JSON. */
async function invoke({ check }: ValidatedCopy, { Payload }: InvokeCommandInput): Promise<object> {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value));
  try {
    return {
      Payload: encoded(await check(JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as StepEvent<CheckStep>)),
    };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    return { FunctionError: 'Unhandled', Payload: encoded({ errorType, errorMessage }) };
  }
}

function nameAndMessage(error: unknown): string {
  const { name, message } = error as Error;
  return `${name}: ${message}`;
}
