import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Reason, reasonText, wildcardReason } from './reasons';

/** Metadata key of the list of rules that this project acknowledged on a construct: aws-cdk-lib also acknowledges some. */
export const OWN_ACKNOWLEDGEMENTS = 'whatsapp-saas:acknowledged';

/** Packs that share most of their rules' names. */
const PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/**
 * Accepts findings of the review on a construct and everything below it. The review reports an acknowledgement that covers nothing.
 * @param rules ids as the review prints them, with the finding in brackets where a rule reports several
 */
export function acknowledge(scope: IConstruct, rules: readonly string[], reason: Reason): void {
  Validations.of(scope).acknowledge(...rules.map((id) => ({ id, reason: reasonText(reason) })));
  scope.node.addMetadata(OWN_ACKNOWLEDGEMENTS, rules);
}

/** Ids of rules that all three of NIST 800-53, HIPAA and PCI DSS have, such as `LambdaInsideVPC`. */
export function packRules(...names: readonly string[]): string[] {
  return PACKS.flatMap((pack) => names.map((name) => `${pack}-${name}`));
}

/**
 * Accepts the wildcards among the resources of a role's policies, each with the reason of its kind. Resources without a wildcard need none,
 * nor do those accepted before.
 */
export function acknowledgeWildcards(scope: IConstruct, resources: readonly string[]): void {
  for (const resource of resources.filter((each) => each.includes('*'))) {
    const id = flatten(Stack.of(scope).resolve(resource));
    const rule = `AwsSolutions-IAM5[Resource::${id}]`;
    if (!isAcknowledged(scope, rule)) acknowledge(scope, [rule], wildcardReason(id));
  }
}

function isAcknowledged({ node }: IConstruct, rule: string): boolean {
  return node.scopes
    .flatMap((scope) => scope.node.metadata)
    .some(({ type, data }) => type === OWN_ACKNOWLEDGEMENTS && (data as string[]).includes(rule));
}

/** A resolved text with its references as the pack prints them, such as `<AWS::AccountId>`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(flatten).join(join[0]) : `<${String(Ref)}>`;
}

/** The packs require policies to be separate from roles. */
export const INLINE_POLICY_RULES = packRules('IAMNoInlinePolicy');

/** The finding on a managed policy of AWS for one of its own services, such as `AmazonRDSEnhancedMonitoringRole`. */
export function servicePolicyRules(name: string): string[] {
  return [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${name}]`];
}
