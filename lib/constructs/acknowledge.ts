import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Metadata key of the list of rules that this project acknowledged on a construct: aws-cdk-lib also acknowledges some. */
export const OWN_ACKNOWLEDGEMENTS = 'whatsapp-saas:acknowledged';

/** Packs that share most of their rules' names. */
const PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/**
 * Accepts findings of the review on a construct and everything below it. The review reports an acknowledgement that covers nothing.
 * @param rules ids as the review prints them, with the finding in brackets where a rule reports several
 * @param reason the fact of this project that makes the findings acceptable, for the person who reviews it
 */
export function acknowledge(scope: IConstruct, rules: readonly string[], reason: string): void {
  Validations.of(scope).acknowledge(...rules.map((id) => ({ id, reason })));
  scope.node.addMetadata(OWN_ACKNOWLEDGEMENTS, rules);
}

/** Ids of rules that all three of NIST 800-53, HIPAA and PCI DSS have, such as `LambdaInsideVPC`. */
export function packRules(...names: readonly string[]): string[] {
  return PACKS.flatMap((pack) => names.map((name) => `${pack}-${name}`));
}

/** Ids of the findings on resources with a wildcard in a policy, as the pack prints them. Resources without a wildcard have none. */
export function wildcardRules(scope: IConstruct, resources: readonly string[]): string[] {
  return resources
    .filter((resource) => resource.includes('*'))
    .map((resource) => `AwsSolutions-IAM5[Resource::${flatten(Stack.of(scope).resolve(resource))}]`);
}

/** A resolved text with its references as the pack prints them, such as `<AWS::AccountId>`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(flatten).join(join[0]) : `<${String(Ref)}>`;
}

/** The packs require policies to be separate from roles; ours are made with the one role that they serve. */
export const INLINE_POLICY_RULES = packRules('IAMNoInlinePolicy');

/** Findings on the managed policies that AWS provides for Lambda. */
export const LAMBDA_POLICY_RULES = {
  logs: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  vpc: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]',
};
