import { callsOf } from '../../../lib/recovery-documents/content';
import type { DocumentContent } from '../../../lib/recovery-documents/content-schema';
import { callFaults, outputTypes, selectorFault } from './sdk-model';

/** Inputs that Systems Manager reads; the others are those of the operation. */
const STEP_INPUTS = ['Service', 'Api', 'PropertySelector', 'DesiredValues'];

/** Faults in the calls of a document by the model of the SDK: unknown operations, inputs, types of inputs, paths into outputs, types of outputs. */
export function documentCallFaults(document: DocumentContent): string[] {
  return callsOf(document).flatMap((step) => {
    const { Service, Api } = step.inputs;
    const input = Object.fromEntries(Object.entries(step.inputs).filter(([name]) => !STEP_INPUTS.includes(name)));
    const outputs = step.action === 'aws:executeAwsApi' ? (step.outputs ?? []) : [];
    const selectors =
      step.action === 'aws:executeAwsApi' ? outputs.map(({ Selector }) => Selector) : [step.inputs.PropertySelector];
    return [
      ...callFaults(Service, Api, input),
      ...selectors.flatMap((selector) => selectorFault(Service, Api, selector) ?? []),
      ...outputs
        .filter(({ Selector, Type }) => !outputTypes(Service, Api, Selector).includes(Type))
        .map(({ Name, Type }) => `the output ${Name} is not of the type ${Type}`),
    ].map((fault) => `${step.name}: ${fault}`);
  });
}
