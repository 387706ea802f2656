import { deployedValues } from '../../../lib/rehearsal/replay/events/deployed-values';

/** A part of a template with values for what CloudFormation fills in, of the type that the caller knows. */
export function filledIn<T>(part: unknown): T {
  return deployedValues(part) as T;
}
