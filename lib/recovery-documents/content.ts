import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { describeIssue } from '../shared/faults';
import { documentFaults } from './content-rules';
import { type DocumentContent, type DocumentStep, type CallStep, documentSchema } from './content-schema';

/** A recovery document that cannot be used; `faults` has one sentence for each fault. */
export class InvalidRecoveryDocument extends Error {
  /** @param where the faults are, such as the name of a file */
  constructor(
    readonly where: string,
    readonly faults: readonly string[],
  ) {
    super([`${where} has ${faults.length} fault(s):`, ...faults].join('\n  - '));
    this.name = 'InvalidRecoveryDocument';
  }
}

/**
 * Reads a file of the folder `documents`.
 * @param file its name without `.yaml`
 * @throws InvalidRecoveryDocument when it has faults
 */
export function readDocument(file: string): DocumentContent {
  return parseDocumentContent(`${file}.yaml`, readFileSync(join(__dirname, 'documents', `${file}.yaml`), 'utf8'));
}

/**
 * Parses a document and checks it: first its form, then how its steps, parameters and outputs refer to each other.
 * @param file name of the file, for the faults
 * @throws InvalidRecoveryDocument with every fault at once, each a sentence: where, the value found, what is allowed
 */
export function parseDocumentContent(file: string, text: string): DocumentContent {
  // Merge keys (`<<`) let steps that differ in one input share the others.
  const yaml = parseDocument(text, { merge: true });
  // One mistake causes further errors up to the end of the file; only the first is of use.
  const [error] = yaml.errors;
  if (error) throw new InvalidRecoveryDocument(file, [`it is not YAML: ${error.message.split('\n')[0]}`]);
  const input: unknown = yaml.toJS();
  const result = documentSchema.safeParse(input, { reportInput: true });
  const faults = result.success
    ? documentFaults(result.data)
    : result.error.issues.flatMap((issue) => describeIssue(issue, input, 'the document'));
  if (!result.success || faults.length > 0) throw new InvalidRecoveryDocument(file, faults);
  return result.data;
}

/** The steps of a document that call an API of AWS. */
export function callsOf({ mainSteps }: Pick<DocumentContent, 'mainSteps'>): CallStep[] {
  return mainSteps.filter((step: DocumentStep): step is CallStep => 'Service' in step.inputs);
}

/** Names of the alarms that the steps of a document read, each once, with placeholders. */
export function alarmsRead(content: Pick<DocumentContent, 'mainSteps'>): string[] {
  const names = callsOf(content)
    .filter(({ inputs }) => inputs.Api === 'DescribeAlarms')
    .flatMap(({ inputs }) => inputs['AlarmNames'] as string[]);
  return [...new Set(names)];
}
