import { callsOf } from '../../../lib/recovery-documents/content';
import type { DocumentContent } from '../../../lib/recovery-documents/content-schema';
import { callFaults, selectorFault } from './sdk-model';

/** Inputs that Automation reads itself; the others are the operation's. */
const OWN_INPUTS = ['Service', 'Api', 'PropertySelector', 'DesiredValues'];

/** Faults of a document's calls by the SDK's model: unknown operations, inputs of the wrong name or type, paths that no response has. */
export function documentCallFaults(document: DocumentContent): string[] {
  return callsOf(document).flatMap((step) => {
    const { Service, Api } = step.inputs;
    const input = Object.fromEntries(Object.entries(step.inputs).filter(([name]) => !OWN_INPUTS.includes(name)));
    const selectors =
      step.action === 'aws:executeAwsApi'
        ? (step.outputs ?? []).map(({ Selector }) => Selector)
        : [step.inputs.PropertySelector];
    return [
      ...callFaults(Service, Api, input),
      ...selectors.flatMap((selector) => selectorFault(Service, Api, selector) ?? []),
    ].map((fault) => `${step.name}: ${fault}`);
  });
}
