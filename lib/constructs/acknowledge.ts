import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Metadata that lists what this project acknowledged on a construct: aws-cdk-lib makes acknowledgements of its own. */
export const OWN_ACKNOWLEDGEMENTS = 'whatsapp-saas:acknowledged';

/**
 * Accepts findings of the review on a construct and everything below it. The review counts one that covers nothing as a finding.
 * @param rules ids as the review prints them, with the finding in brackets where a rule reports several
 * @param reason our own fact that makes the finding acceptable here, for the person who reviews it
 */
export function acknowledge(scope: IConstruct, rules: readonly string[], reason: string): void {
  Validations.of(scope).acknowledge(...rules.map((id) => ({ id, reason })));
  scope.node.addMetadata(OWN_ACKNOWLEDGEMENTS, rules);
}

/** The packs want policies apart from roles; ours are made with the one role that they serve. */
export const INLINE_POLICY_RULES = [
  'NIST.800.53.R5-IAMNoInlinePolicy',
  'HIPAA.Security-IAMNoInlinePolicy',
  'PCI.DSS.321-IAMNoInlinePolicy',
];

/** Managed policies of Lambda's own, as the pack names them. */
export const LAMBDA_POLICY_RULES = {
  logs: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  vpc: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]',
};

/** Rules for resources of a policy with a wildcard, as the pack names them. */
export function wildcardRules(scope: IConstruct, resources: readonly string[]): string[] {
  return resources
    .filter((resource) => resource.includes('*'))
    .map((resource) => `AwsSolutions-IAM5[Resource::${flatten(Stack.of(scope).resolve(resource))}]`);
}

/** A resolved text with its references in the pack's form, such as `<AWS::AccountId>`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(flatten).join(join[0]) : `<${String(Ref)}>`;
}
