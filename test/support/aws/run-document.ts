import type { CallStep, DocumentContent, DocumentStep } from '../../../lib/recovery-documents/content-schema';

/** What a document meets while it runs. */
export interface DocumentWorld {
  readonly parameters: Readonly<Record<string, string>>;
  /** The answer of AWS to a call. */
  readonly answer: (call: CallStep['inputs']) => unknown;
  /** Lets time pass: a sleep, or the wait for an approval. */
  readonly pass: (minutes: number) => void;
  /** How long the approval takes. */
  readonly approvalMinutes: number;
}

/** How a document ran. */
export interface DocumentRun {
  /** Names of the steps that began. */
  readonly steps: readonly string[];
  /** The step that failed; undefined where the document succeeded. */
  readonly failed?: string;
}

/** More steps than any document takes: a circle. */
const MOST_STEPS = 100;

/**
 * Runs an Automation document as Systems Manager documents it (Systems Manager User Guide, "Systems Manager Automation actions reference"):
 * a step that fails ends the run. Outputs and state machines are not supported.
 */
export function runDocument({ mainSteps }: DocumentContent, world: DocumentWorld): DocumentRun {
  const steps: string[] = [];
  for (let step: DocumentStep | undefined = mainSteps[0]; step;) {
    if (steps.length === MOST_STEPS) throw new Error(`the document does not end: ${steps.join(', ')}`);
    steps.push(step.name);
    const next = run(step, world);
    if (next === FAILED) return { steps, failed: step.name };
    const following = mainSteps[mainSteps.indexOf(step) + 1];
    const name: string | undefined = next ?? step.nextStep ?? (step.isEnd ? undefined : following?.name);
    step = mainSteps.find((other) => other.name === name);
  }
  return { steps };
}

const FAILED = Symbol('failed');

/** Runs a step; returns the step to which a branch jumps. */
function run(step: DocumentStep, world: DocumentWorld): string | undefined | typeof FAILED {
  switch (step.action) {
    case 'aws:branch': {
      const { Choices, Default } = step.inputs;
      const chosen = Choices.find(
        (choice) => filled(choice.Variable, world) === (choice as { StringEquals?: unknown }).StringEquals,
      );
      return chosen?.NextStep ?? Default;
    }
    case 'aws:sleep':
      world.pass(Number(/^PT(\d+)M$/.exec(step.inputs.Duration)?.[1]));
      return undefined;
    case 'aws:approve':
      world.pass(world.approvalMinutes);
      return undefined;
    case 'aws:executeAwsApi':
      world.answer(step.inputs);
      return undefined;
    case 'aws:assertAwsResourceProperty':
    case 'aws:waitForAwsResourceProperty': {
      const { PropertySelector, DesiredValues } = step.inputs;
      const found = select(world.answer(step.inputs), PropertySelector);
      const text = typeof found === 'number' ? String(found) : found;
      return typeof text === 'string' && DesiredValues.includes(text) ? undefined : FAILED;
    }
    case 'aws:executeStateMachine':
      throw new Error(`step ${step.name} runs a state machine, which this cannot`);
  }
}

function filled(text: string, { parameters }: DocumentWorld): string {
  return text.replace(/\{\{ ?(\w+) ?\}\}/g, (_, name: string) => parameters[name] ?? '');
}

/** The value at a path such as `$.MetricAlarms[0].StateValue`. */
function select(answer: unknown, path: string): unknown {
  return [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].reduce<unknown>(
    (value, [, member, index]) => (value as Record<string, unknown> | undefined)?.[member ?? index!],
    answer,
  );
}
