import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts findings of the review on a construct and everything below it.
 * @param rules ids as the review prints them, with the finding in brackets where a rule reports several
 * @param reason our own fact that makes the finding acceptable here, for the person who reviews it
 */
export function acknowledge(scope: IConstruct, rules: readonly string[], reason: string): void {
  Validations.of(scope).acknowledge(...rules.map((id) => ({ id, reason })));
}
