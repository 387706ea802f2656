import { setTimeout as sleep } from 'node:timers/promises';
import { StateMachine } from 'aws-local-stepfunctions';
import type { AssemblyResource } from '../../assembly/environment-assembly';
import { resolveIntrinsics } from '../../assembly/intrinsics';

/** JSON that states pass on. */
type Json = Parameters<StateMachine['run']>[0];
type Definition = ConstructorParameters<typeof StateMachine>[0];

/** The functions and topics that the tasks of a state machine call. */
export interface StateMachineTasks {
  /** Handlers by the name of their folder in lambda/, which is their POWERTOOLS_SERVICE_NAME. */
  readonly functions: Readonly<Record<string, (event: never) => Promise<unknown>>>;
  /** Stands in for SNS. For the state machine, an error that it throws is an error of SNS. */
  readonly publish: (notification: PublishedNotification) => Promise<void>;
}

/** Parameters of sns:publish. */
export interface PublishedNotification {
  /** Logical id or export name of the topic. */
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: Readonly<Record<string, string>>;
  readonly MessageStructure: string;
}

/** Options of an execution. */
export interface ExecutionOptions {
  /** Name of the execution. */
  readonly name: string;
  /** Start time. Default: now. */
  readonly startedAt?: Date;
  /** Milliseconds that a second of a wait or of a retry interval takes. Default 1000: real time. */
  readonly msPerSecond?: number;
  /** Seconds by which the definition's time limit is longer here, because its tasks run in real time. Default 30. */
  readonly moreSeconds?: number;
}

/** The longest time of a timer, milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** The last states that an execution without an end went through, as many as its longest loop has. */
const LAST_STATES = 6;

/** Result of an execution. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** Output of the last state; undefined where it failed. */
  readonly output: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** Names of the states in the order in which they were entered. */
  readonly states: readonly string[];
}

/** A resource of the state machine's stack. */
type MachineResource = Pick<AssemblyResource, 'logicalId' | 'type' | 'properties'>;

/**
 * Runs a synthesized state machine on this machine: the definition that would be deployed, with local handlers for its functions.
 * @throws Error where there is not exactly one state machine of the name, where a task calls a function without a handler, or where the definition is
 *   invalid
 */
export class LocalStateMachine {
  private readonly definition: Definition;
  private readonly machine: StateMachine;

  /** @param name of the state machine */
  constructor(resources: readonly MachineResource[], name: string) {
    const machines = resources.filter(
      ({ type, properties }) => type === 'AWS::StepFunctions::StateMachine' && properties['StateMachineName'] === name,
    );
    const [machine, other] = machines;
    if (!machine || other) throw new Error(`the stack has ${machines.length} state machines ${name}; allowed: one`);
    const text = resolveIntrinsics(machine.properties['DefinitionString'], functionArns(resources));
    // The interpreter always sets StartTime from this machine's clock; StartedAt is set by run().
    this.definition = JSON.parse(
      text.replaceAll('$$.Execution.StartTime', () => '$$.Execution.StartedAt'),
    ) as Definition;
    addWithResolvers();
    this.machine = new StateMachine(this.definition);
  }

  async run(
    input: object,
    tasks: StateMachineTasks,
    { name, startedAt = new Date(), msPerSecond = 1000, moreSeconds = 30 }: ExecutionOptions,
  ): Promise<Execution> {
    const { waits, retries } = this.scaled(msPerSecond);
    const execution = this.machine.run(input as Json, {
      context: { Execution: { Name: name, StartedAt: startedAt.toISOString(), Input: input as Json } },
      overrides: {
        taskResourceLocalHandlers: this.handlers(tasks),
        waitTimeOverrides: waits,
        retryIntervalOverrides: retries,
      },
    });
    const states: string[] = [];
    let failed: { Error?: string; Cause?: unknown } = {};
    const events = (async () => {
      for await (const event of execution.eventLogs) {
        if (event.type === 'StateEntered') states.push(event.state.name);
        if (event.type === 'ExecutionFailed') failed = event;
      }
    })();
    const { TimeoutSeconds } = this.definition;
    const limitMs = TimeoutSeconds === undefined ? undefined : TimeoutSeconds * msPerSecond + moreSeconds * 1000;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      execution.abort();
    }, limitMs ?? MAX_TIMER_MS);
    try {
      const output: unknown = await execution.result;
      await events;
      return { status: 'SUCCEEDED', output, states };
    } catch (error) {
      await events;
      if (isLate) {
        const last = [...new Set(states.slice(-LAST_STATES))].join(', ');
        const cause = `the state machine did not end within its time limit (${TimeoutSeconds} s on AWS, ${(limitMs ?? 0) / 1000} s here); at the end it went through ${last}`;
        return { status: 'FAILED', output: undefined, error: 'States.Timeout', cause, states };
      }
      // Without a failed execution it is an error of the interpreter, such as a path that does not exist: the definition is wrong.
      if (failed.Error === undefined) throw error;
      return { status: 'FAILED', output: undefined, error: failed.Error, cause: String(failed.Cause), states };
    } finally {
      clearTimeout(timer);
    }
  }

  private handlers(tasks: StateMachineTasks): Record<string, (input: Json) => Promise<Json>> {
    return Object.fromEntries(
      Object.entries(this.definition.States).flatMap(([state, definition]) =>
        definition.Type === 'Task' ? [[state, handlerOf(state, definition.Resource, tasks)]] : [],
      ),
    );
  }

  private scaled(msPerSecond: number): { waits: Record<string, number>; retries: Record<string, number[]> } {
    const waits: Record<string, number> = {};
    const retries: Record<string, number[]> = {};
    for (const [name, state] of Object.entries(this.definition.States)) {
      if (state.Type === 'Wait') {
        if (state.Seconds === undefined)
          throw new Error(`the state ${name} waits for a time or a path; allowed: Seconds`);
        waits[name] = state.Seconds * msPerSecond;
      }
      if (state.Type === 'Task' && state.Retry) {
        // One interval for each entry of Retry.
        retries[name] = state.Retry.map(({ IntervalSeconds = 1 }) => IntervalSeconds * msPerSecond);
      }
    }
    return { waits, retries };
  }
}

function handlerOf(
  state: string,
  resource: string,
  { functions, publish }: StateMachineTasks,
): (input: Json) => Promise<Json> {
  if (resource.endsWith(':states:::sns:publish')) {
    return async (input) => {
      await publish(input as unknown as PublishedNotification);
      return {};
    };
  }
  const handler = functions[resource.split(':').at(-1) ?? ''];
  if (!handler) throw new Error(`the state ${state} calls ${resource}, which has no handler here`);
  return (input) => asLambda(handler, input);
}

/** Calls a handler as Lambda does: input and output pass through JSON, and an error becomes its name with a cause in JSON. */
async function asLambda(handler: (event: never) => Promise<unknown>, input: Json): Promise<Json> {
  // Lambda never answers in the same turn of the event loop.
  await sleep(0);
  try {
    const output = await handler(JSON.parse(JSON.stringify(input)) as never);
    return JSON.parse(JSON.stringify(output ?? null)) as Json;
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    throw Object.assign(new Error(JSON.stringify({ errorType, errorMessage })), { name: errorType });
  }
}

/** ARNs of the functions by logical id. They end with the name of the handler. */
function functionArns(resources: readonly MachineResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ logicalId, type, properties }) => {
      const { Environment } = properties as { Environment?: { Variables?: Record<string, unknown> } };
      const name = Environment?.Variables?.['POWERTOOLS_SERVICE_NAME'];
      return type === 'AWS::Lambda::Function' && typeof name === 'string'
        ? [[logicalId, `arn:aws:lambda:us-east-1:000000000000:function:${name}`] as const]
        : [];
    }),
  );
}

/** The interpreter requires Node 22, but only for this function, which Node 20 does not have. */
function addWithResolvers(): void {
  const promise = Promise as { withResolvers?: unknown };
  promise.withResolvers ??= () => {
    let settle = {};
    const pending = new Promise((resolve, reject) => (settle = { resolve, reject }));
    return { promise: pending, ...settle };
  };
}
