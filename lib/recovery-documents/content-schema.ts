import { z } from 'zod';

/** Types of parameters and outputs (Systems Manager User Guide, "Data elements and parameters"). */
const VALUE_TYPES = ['String', 'StringList', 'Integer', 'Boolean', 'MapList', 'StringMap'] as const;
/** Comparisons of aws:branch (Systems Manager User Guide, "Using conditional statements in runbooks"); And, Or and Not are not used here. */
const COMPARISONS = [
  'StringEquals',
  'EqualsIgnoreCase',
  'StartsWith',
  'EndsWith',
  'Contains',
  'NumericEquals',
  'NumericGreater',
  'NumericLesser',
  'NumericGreaterOrEquals',
  'NumericLesserOrEquals',
  'BooleanEquals',
] as const;

const STEP_NAME = 'letters, digits and underscores';
const stepName = z.string().regex(/^\w+$/, STEP_NAME);
const jsonPath = z.string().regex(/^\$\../, 'a JSONPath that begins with "$."');
const sentence = z.string().min(1);
/** A call of an AWS service, by its name in the SDK for Python. Further inputs are those of the operation. */
const call = {
  Service: z.string().regex(/^[a-z0-9-]+$/, 'a service such as "rds"'),
  Api: z.string().regex(/^[A-Z][A-Za-z0-9]+$/, 'an operation such as "DescribeDBInstances"'),
};
const property = z.looseObject({
  ...call,
  PropertySelector: jsonPath,
  /** Compared as text; booleans are True and False. */
  DesiredValues: z.array(sentence).min(1),
});

const outputs = z
  .array(z.strictObject({ Name: stepName, Selector: jsonPath, Type: z.enum(VALUE_TYPES).default('String') }))
  .min(1);

/** Fields of every step (Systems Manager User Guide, "Properties shared by all actions"). A description is optional there. */
const common = {
  name: stepName,
  description: sentence,
  maxAttempts: z.int().min(1).optional(),
  timeoutSeconds: z.int().min(1).optional(),
  onFailure: z
    .string()
    .regex(/^(Abort|Continue|step:\w+)$/, 'Abort, Continue or step:<name>')
    .optional(),
  onCancel: z
    .string()
    .regex(/^(Abort|step:\w+)$/, 'Abort or step:<name>')
    .optional(),
  isEnd: z.boolean().optional(),
  isCritical: z.boolean().optional(),
  nextStep: stepName.optional(),
};

const choice = z
  .strictObject({
    NextStep: stepName,
    Variable: z.string().regex(/^\{\{ ?[\w.]+ ?\}\}$/, 'one reference such as "{{ Source }}"'),
    ...Object.fromEntries(COMPARISONS.map((name) => [name, z.union([z.string(), z.number(), z.boolean()]).optional()])),
  })
  .refine((fields) => COMPARISONS.filter((name) => name in fields).length === 1, {
    error: `exactly one comparison, of ${COMPARISONS.join(', ')}`,
  });

const step = z.discriminatedUnion(
  'action',
  [
    z.strictObject({
      ...common,
      action: z.literal('aws:approve'),
      // The API allows 30 days.
      timeoutSeconds: z.int().min(60).max(2_592_000),
      inputs: z.strictObject({
        NotificationArn: sentence,
        Message: sentence.max(4096),
        MinRequiredApprovals: z.union([z.int().min(1), sentence]),
        Approvers: z.union([z.array(sentence).min(1).max(10), sentence]),
      }),
    }),
    z.strictObject({
      ...common,
      action: z.literal('aws:executeAwsApi'),
      inputs: z.looseObject(call),
      outputs: outputs.optional(),
    }),
    // Waits for the end of the execution, and fails unless it succeeds (cdk-ssm-documents of AWS, execute-state-machine-step.ts).
    z.strictObject({
      ...common,
      action: z.literal('aws:executeStateMachine'),
      // The default time-out is one hour, and a restore may take longer.
      timeoutSeconds: z.int().min(1),
      inputs: z.strictObject({ stateMachineArn: sentence, name: sentence.optional(), input: sentence.optional() }),
    }),
    z.strictObject({ ...common, action: z.literal('aws:assertAwsResourceProperty'), inputs: property }),
    // The default time-out is one hour, and a restore may take longer.
    z.strictObject({
      ...common,
      action: z.literal('aws:waitForAwsResourceProperty'),
      timeoutSeconds: z.int().min(1),
      inputs: property,
    }),
    z.strictObject({
      ...common,
      action: z.literal('aws:sleep'),
      inputs: z.strictObject({
        Duration: z.string().regex(/^PT(?=\d)(\d+H)?(\d+M)?(\d+S)?$/, 'an ISO 8601 duration such as "PT10M"'),
      }),
    }),
    z.strictObject({
      ...common,
      action: z.literal('aws:branch'),
      inputs: z.strictObject({ Choices: z.array(choice).min(1), Default: stepName.optional() }),
    }),
  ],
  {
    error:
      'one of aws:approve, aws:executeAwsApi, aws:executeStateMachine, aws:assertAwsResourceProperty, aws:waitForAwsResourceProperty, aws:sleep, aws:branch',
  },
);

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const parameter = z.strictObject({
  type: z.enum(VALUE_TYPES),
  description: sentence,
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  allowedValues: z.array(z.string()).min(1).optional(),
  allowedPattern: z.string().refine(isPattern, 'a regular expression').optional(),
});

/**
 * The form of an Automation document of AWS Systems Manager, schema version 0.3, with the actions that this project uses (Systems Manager
 * User Guide, "Data elements and parameters" and "Systems Manager Automation actions reference"). It is stricter than the service in two
 * points: every document, parameter and step has a description, and a wait has a time-out.
 */
export const documentSchema = z.strictObject({
  schemaVersion: z.literal('0.3'),
  description: sentence,
  assumeRole: sentence,
  parameters: z.record(z.string().regex(/^[A-Z][A-Za-z0-9]*$/, 'a name in PascalCase'), parameter).default({}),
  mainSteps: z.array(step).min(1),
  outputs: z.array(z.string().regex(/^\w+\.\w+$/, 'an output such as "restore.Address"')).default([]),
});

/** The content of a recovery document after the check; placeholders are not yet filled in. */
export type DocumentContent = z.output<typeof documentSchema>;
/** A step of a recovery document. */
export type DocumentStep = DocumentContent['mainSteps'][number];
/** A step that calls an API of AWS. */
export type CallStep = Extract<DocumentStep, { inputs: { Service: string } }>;
