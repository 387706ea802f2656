import { setTimeout as sleep } from 'node:timers/promises';
import { StateMachine } from 'aws-local-stepfunctions';
import type { AssemblyResource } from '../../assembly/environment-assembly';
import { resolveIntrinsics } from '../../assembly/intrinsics';

/** JSON, as states pass it on. */
type Json = Parameters<StateMachine['run']>[0];
type Definition = ConstructorParameters<typeof StateMachine>[0];

/** What the tasks of a state machine call. */
export interface StateMachineTasks {
  /** Handlers of functions by POWERTOOLS_SERVICE_NAME, which is their folder's name. */
  readonly functions: Readonly<Record<string, (event: never) => Promise<unknown>>>;
  /** SNS. What it throws, the state machine takes for SNS's error. */
  readonly publish: (notice: PublishedNotification) => Promise<void>;
}

/** What sns:publish is called with. */
export interface PublishedNotification {
  /** Logical id or export of the topic. */
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: Readonly<Record<string, string>>;
  readonly MessageStructure: string;
}

/** How to run. */
export interface ExecutionOptions {
  /** Name of the execution. */
  readonly name: string;
  /** When it began. Default: now. */
  readonly startedAt?: Date;
  /** Milliseconds that a second of a wait or of a retry's interval takes here. Default 1000: real time. */
  readonly msPerSecond?: number;
}

/** How an execution ended. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** Output of the last state; undefined where it failed. */
  readonly output: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** Names of the states that were entered, in their order. */
  readonly states: readonly string[];
}

/** A resource of the state machine's stack. */
export type MachineResource = Pick<AssemblyResource, 'logicalId' | 'type' | 'properties'>;

/**
 * Runs a synthesized state machine on this machine: the very definition that would be deployed, its functions bound to handlers.
 * @throws Error where the resources have not exactly one state machine, a task calls what is not bound, or the definition is invalid
 */
export class LocalStateMachine {
  private readonly definition: Definition;
  private readonly machine: StateMachine;

  constructor(resources: readonly MachineResource[]) {
    const machines = resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
    const [machine, other] = machines;
    if (!machine || other) throw new Error(`found ${machines.length} state machines; allowed: one`);
    const text = resolveIntrinsics(machine.properties['DefinitionString'], functionArns(resources));
    // The interpreter overwrites StartTime with this machine's clock.
    this.definition = JSON.parse(
      text.replaceAll('$$.Execution.StartTime', () => '$$.Execution.StartedAt'),
    ) as Definition;
    addWithResolvers();
    this.machine = new StateMachine(this.definition);
  }

  async run(
    input: object,
    tasks: StateMachineTasks,
    { name, startedAt = new Date(), msPerSecond = 1000 }: ExecutionOptions,
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
    try {
      const output: unknown = await execution.result;
      await events;
      return { status: 'SUCCEEDED', output, states };
    } catch (error) {
      await events;
      // An error of the interpreter's own, such as a path that leads nowhere, is a fault of the definition.
      if (failed.Error === undefined) throw error;
      return { status: 'FAILED', output: undefined, error: failed.Error, cause: String(failed.Cause), states };
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
        if (state.Seconds === undefined) throw new Error(`the state ${name} waits otherwise than for seconds`);
        waits[name] = state.Seconds * msPerSecond;
      }
      if (state.Type === 'Task' && state.Retry) {
        // One number for each retrier.
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
  if (!handler) throw new Error(`the state ${state} calls ${resource}, which nothing is bound to`);
  return (input) => asLambda(handler, input);
}

/** As Lambda calls a handler: input and output are JSON, an error becomes its name and a cause in JSON. */
async function asLambda(handler: (event: never) => Promise<unknown>, input: Json): Promise<Json> {
  // Lambda never answers in the same tick.
  await sleep(0);
  try {
    const output = await handler(JSON.parse(JSON.stringify(input)) as never);
    return JSON.parse(JSON.stringify(output ?? null)) as Json;
  } catch (error) {
    const { name: errorType, message: errorMessage } = error as Error;
    throw Object.assign(new Error(JSON.stringify({ errorType, errorMessage })), { name: errorType });
  }
}

/** ARNs of the functions that end with the names of their handlers, by logical id. */
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

/** The interpreter asks for Node 22 for the sake of this one function, which Node 20 lacks. */
function addWithResolvers(): void {
  const promise = Promise as { withResolvers?: unknown };
  promise.withResolvers ??= () => {
    let settle = {};
    const pending = new Promise((resolve, reject) => (settle = { resolve, reject }));
    return { promise: pending, ...settle };
  };
}
