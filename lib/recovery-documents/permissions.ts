import { callsOf } from './content';
import type { DocumentContent } from './content-schema';

/** A statement of a role's policy: what is allowed, on what. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs; `${Name}` stands for a fact of the environment. */
  readonly resources: readonly string[];
  /** Why a resource has a wildcard; only where one has. */
  readonly why?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** To make an encrypted instance, its maker must be allowed to use the key through RDS (RDS User Guide, "Encrypting Amazon RDS resources"). */
export const DATA_KEY_USE: Permission = {
  actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'], // prettier-ignore
  resources: ['${DataKey}'],
  conditions: { StringEquals: { 'kms:ViaService': 'rds.${Region}.${UrlSuffix}' } },
};

/** To ask for an approval: a message to the topic, which is encrypted. */
export const ASK_FOR_APPROVAL: readonly Permission[] = [
  { actions: ['sns:Publish'], resources: ['${Topic}'] },
  {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['${TopicKey}'],
    conditions: { StringEquals: { 'kms:ViaService': 'sns.${Region}.${UrlSuffix}' } },
  },
];

/** IAM's prefix of a service, where it is not the SDK's name. */
const PREFIXES: Readonly<Record<string, string>> = { stepfunctions: 'states' };

/** Actions that an operation asks for besides its own, by the input that makes it ask. */
const BY_INPUT: Readonly<Record<string, readonly string[]>> = {
  Tags: ['rds:AddTagsToResource'],
  MonitoringRoleArn: ['iam:PassRole'],
};
const BY_OPERATION: Readonly<Record<string, readonly string[]>> = {
  CreateDBInstanceReadReplica: DATA_KEY_USE.actions,
  RestoreDBInstanceToPointInTime: DATA_KEY_USE.actions,
};

/** The actions of IAM that a document's calls ask for, each once. */
export function actionsOf(document: Pick<DocumentContent, 'mainSteps'>): string[] {
  const needed = callsOf(document).flatMap(({ inputs }) => [
    `${PREFIXES[inputs.Service] ?? inputs.Service}:${inputs.Api}`,
    ...Object.keys(inputs).flatMap((input) => BY_INPUT[input] ?? []),
    ...(BY_OPERATION[inputs.Api] ?? []),
  ]);
  const asked = document.mainSteps.some(({ action }) => action === 'aws:approve') ? ASK_FOR_APPROVAL : [];
  return [...new Set([...needed, ...asked.flatMap(({ actions }) => actions)])].sort();
}
