import type { DocumentContent, DocumentStep } from './content-schema';
import { references, runtimeTypeFaults } from './runtime-types';

/** Variables that Systems Manager provides (Systems Manager User Guide, "Automation system variables"). */
const SYSTEM_VARIABLES = [
  'global:ACCOUNT_ID',
  'global:DATE',
  'global:DATE_TIME',
  'global:AWS_PARTITION',
  'global:REGION',
  'automation:EXECUTION_ID',
];
/** Outputs that actions have without declaring them (Systems Manager User Guide, the page of the action). The other actions used here have none. */
const BUILT_IN_OUTPUTS: Partial<Record<DocumentStep['action'], readonly string[]>> = {
  'aws:approve': ['ApprovalStatus', 'ApproverDecisions'],
  'aws:executeStateMachine': [
    'executionArn',
    'input',
    'name',
    'output',
    'startDate',
    'stateMachineArn',
    'status',
    'stopDate',
  ],
};
/** Names of operations that change nothing. */
const READS = /^(Describe|Get|List)/;

/**
 * What is wrong with how the steps, parameters and outputs of a document refer to each other, a sentence for each fault. Systems Manager
 * finds most of this only when the document runs.
 */
export function documentFaults(document: DocumentContent): string[] {
  const names = document.mainSteps.map(({ name }) => name);
  return [
    ...names
      .filter((name, i) => names.indexOf(name) < i)
      .map((name) => `step ${name} exists twice; allowed: each name once`),
    ...jumpFaults(document, names),
    ...referenceFaults(document),
    ...reachFaults(document),
    ...runtimeTypeFaults(document),
  ];
}

/** Steps that may come after a step. */
function successors(steps: readonly DocumentStep[], i: number): string[] {
  const step = steps[i]!;
  const following = steps[i + 1]?.name;
  const onFailure = step.onFailure?.startsWith('step:') ? [step.onFailure.slice('step:'.length)] : [];
  const onCancel = step.onCancel?.startsWith('step:') ? [step.onCancel.slice('step:'.length)] : [];
  const jumps = [...onFailure, ...onCancel];
  if (step.action === 'aws:branch') {
    const { Choices, Default } = step.inputs;
    const otherwise = Default ?? (step.isEnd ? undefined : following);
    return [...Choices.map(({ NextStep }) => NextStep), ...(otherwise ? [otherwise] : []), ...jumps];
  }
  if (step.isEnd) return jumps;
  const next = step.nextStep ?? following;
  return next ? [next, ...jumps] : jumps;
}

function jumpFaults({ mainSteps }: DocumentContent, names: readonly string[]): string[] {
  return mainSteps.flatMap(({ name }, i) =>
    successors(mainSteps, i)
      .filter((target) => !names.includes(target))
      .map((target) => `step ${name} leads to ${target}, which is not a step; allowed: ${names.join(', ')}`),
  );
}

function referenceFaults({ parameters, mainSteps, outputs, description }: DocumentContent): string[] {
  const known = new Set([...SYSTEM_VARIABLES, ...Object.keys(parameters)]);
  const used = new Set<string>();
  const faults: string[] = [];
  for (const step of mainSteps) {
    for (const reference of references(step.inputs)) {
      used.add(reference);
      if (!known.has(reference)) {
        faults.push(
          `step ${step.name} refers to {{ ${reference} }}, which is neither a parameter nor an output of an earlier step`,
        );
      }
    }
    const builtIn = BUILT_IN_OUTPUTS[step.action] ?? [];
    const declared = step.action === 'aws:executeAwsApi' ? (step.outputs ?? []).map(({ Name }) => Name) : [];
    for (const output of [...builtIn, ...declared]) known.add(`${step.name}.${output}`);
  }
  const unknown = outputs.filter((output) => !known.has(output));
  const unused = Object.keys(parameters).filter((name) => !used.has(name));
  return [
    ...faults,
    ...[...references(description)].map(
      (reference) => `the description refers to {{ ${reference} }}; Systems Manager does not fill in references there`,
    ),
    ...unknown.map((output) => `output ${output} is not an output of a step`),
    ...unused.map((name) => `no step uses the parameter ${name}`),
  ];
}

/** Every step must be reachable, and one that changes something only after an approval. */
function reachFaults({ mainSteps }: DocumentContent): string[] {
  const reached = reachable(mainSteps, () => true);
  const unapproved = reachable(mainSteps, (step) => step.action !== 'aws:approve');
  return mainSteps.flatMap((step) => {
    if (!reached.has(step.name)) return [`step ${step.name} is never reached`];
    const change = changeOf(step);
    if (change === undefined || !unapproved.has(step.name)) return [];
    return [`step ${step.name} ${change} without an approval before it; put an aws:approve step on every path to it`];
  });
}

/** What a step changes, in words; undefined when it changes nothing. */
function changeOf(step: DocumentStep): string | undefined {
  if (step.action === 'aws:executeStateMachine') return 'runs a state machine';
  return step.action === 'aws:executeAwsApi' && !READS.test(step.inputs.Api) ? `calls ${step.inputs.Api}` : undefined;
}

/** Names of the steps reachable from the first one through steps that `passes` accepts. */
function reachable(steps: readonly DocumentStep[], passes: (step: DocumentStep) => boolean): Set<string> {
  const reached = new Set<string>();
  const waiting = [0];
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    const step = steps[i];
    if (!step || reached.has(step.name)) continue;
    reached.add(step.name);
    if (passes(step)) {
      waiting.push(...successors(steps, i).map((name) => steps.findIndex((other) => other.name === name)));
    }
  }
  return reached;
}
