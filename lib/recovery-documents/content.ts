import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { describeIssue } from '../shared/faults';
import { documentFaults } from './content-rules';
import { type DocumentContent, type DocumentStep, type CallStep, documentSchema } from './content-schema';

/** An Automation document that cannot be used; `faults` has one sentence for each fault. */
export class InvalidRecoveryDocument extends Error {
  constructor(
    readonly file: string,
    readonly faults: readonly string[],
  ) {
    super([`${file} has ${faults.length} fault(s):`, ...faults].join('\n  - '));
    this.name = 'InvalidRecoveryDocument';
  }
}

/**
 * Reads a document of this folder.
 * @param name of its file without `.yaml`
 * @throws InvalidRecoveryDocument when it has faults
 */
export function readDocument(name: string): DocumentContent {
  const known =
    documents.get(name) ??
    parseDocumentContent(`${name}.yaml`, readFileSync(join(__dirname, 'documents', `${name}.yaml`), 'utf8'));
  documents.set(name, known);
  return known;
}

const documents = new Map<string, DocumentContent>();

/**
 * Reads a document: the form of Systems Manager, then what holds its steps together.
 * @param file its name, for faults
 * @throws InvalidRecoveryDocument with every fault at once, each a sentence: where, the value found, what is allowed.
 */
export function parseDocumentContent(file: string, text: string): DocumentContent {
  // Merge keys (`<<`) let steps that differ in one input share the others.
  const yaml = parseDocument(text, { merge: true });
  // One mistake makes errors to the end of the file; the first is the one to mend.
  const [error] = yaml.errors;
  if (error) throw new InvalidRecoveryDocument(file, [`it is no YAML: ${error.message.split('\n')[0]}`]);
  const input: unknown = yaml.toJS();
  const result = documentSchema.safeParse(input, { reportInput: true });
  const faults = result.success
    ? documentFaults(result.data)
    : result.error.issues.flatMap((issue) => describeIssue(issue, input, 'the document'));
  if (!result.success || faults.length > 0) throw new InvalidRecoveryDocument(file, faults);
  return result.data;
}

/** The steps of a document that call an API. */
export function callsOf({ mainSteps }: Pick<DocumentContent, 'mainSteps'>): CallStep[] {
  return mainSteps.filter((step: DocumentStep): step is CallStep => 'Service' in step.inputs);
}
