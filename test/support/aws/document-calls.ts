import { callsOf } from '../../../lib/recovery-documents/content';
import type { DocumentContent } from '../../../lib/recovery-documents/content-schema';
import { callFaults, selectorFault } from './sdk-model';

/** Inputs that Systems Manager reads; the others are those of the operation. */
const STEP_INPUTS = ['Service', 'Api', 'PropertySelector', 'DesiredValues'];

/** Faults in the calls of a document by the model of the SDK: unknown operations, inputs, types of inputs, paths into outputs. */
export function documentCallFaults(document: DocumentContent): string[] {
  return callsOf(document).flatMap((step) => {
    const { Service, Api } = step.inputs;
    const input = Object.fromEntries(Object.entries(step.inputs).filter(([name]) => !STEP_INPUTS.includes(name)));
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
