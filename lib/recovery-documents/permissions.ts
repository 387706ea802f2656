import { alarmsRead, callsOf } from './content';
import type { DocumentContent, DocumentStep } from './content-schema';

/** A statement of a role's policy: what is allowed, on what. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs; `${Name}` is a placeholder. Without a value for it the resource is left out, and without any resource the statement. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** RDS uses the key on behalf of the role that creates an encrypted instance (RDS User Guide, "Encrypting Amazon RDS resources"). */
export const DATA_KEY_USE: Permission = {
  actions: [
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  resources: ['${DataKey}'],
  conditions: { StringEquals: { 'kms:ViaService': 'rds.${Region}.${UrlSuffix}' } },
};

/** To ask for an approval: a message to the topic, which is encrypted. Every document does. */
const ASK_FOR_APPROVAL: readonly Permission[] = [
  { actions: ['sns:Publish'], resources: ['${Topic}'] },
  {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['${TopicKey}'],
    conditions: { StringEquals: { 'kms:ViaService': 'sns.${Region}.${UrlSuffix}' } },
  },
];

/** Everything that the role of a document may do: what its entry lists, reading the alarms that its steps name, asking for approval. */
export function permissionsOf(
  { permissions }: { readonly permissions: readonly Permission[] },
  content: Pick<DocumentContent, 'mainSteps'>,
): Permission[] {
  const resources = alarmsRead(content).map((alarm) => `\${Alarms}:${alarm}`);
  const alarms: Permission[] = resources.length > 0 ? [{ actions: ['cloudwatch:DescribeAlarms'], resources }] : [];
  return [...alarms, ...permissions, ...ASK_FOR_APPROVAL];
}

/** What the action aws:executeStateMachine needs (Systems Manager User Guide, "aws:executeStateMachine"). */
const RUN_STATE_MACHINE = ['states:DescribeExecution', 'states:StartExecution', 'states:StopExecution'];

/** IAM's prefix of a service, where it differs from the SDK's name. */
const PREFIXES: Readonly<Record<string, string>> = { stepfunctions: 'states' };

/** Actions that an operation needs in addition to its own, by the input that makes it need them. */
const BY_INPUT: Readonly<Record<string, readonly string[]>> = {
  Tags: ['rds:AddTagsToResource'],
  MonitoringRoleArn: ['iam:PassRole'],
};
const BY_OPERATION: Readonly<Record<string, readonly string[]>> = {
  CreateDBInstanceReadReplica: DATA_KEY_USE.actions,
  RestoreDBInstanceToPointInTime: DATA_KEY_USE.actions,
};

/** The IAM actions that the steps of a document need, each once, sorted. */
export function actionsOf(content: Pick<DocumentContent, 'mainSteps'>): string[] {
  const needed = callsOf(content).flatMap(({ inputs }) => [
    `${PREFIXES[inputs.Service] ?? inputs.Service}:${inputs.Api}`,
    ...Object.keys(inputs).flatMap((input) => BY_INPUT[input] ?? []),
    ...(BY_OPERATION[inputs.Api] ?? []),
  ]);
  const has = (wanted: DocumentStep['action']) => content.mainSteps.some(({ action }) => action === wanted);
  const runs = has('aws:executeStateMachine') ? RUN_STATE_MACHINE : [];
  const asks = has('aws:approve') ? ASK_FOR_APPROVAL : [];
  return [...new Set([...needed, ...runs, ...asks.flatMap(({ actions }) => actions)])].sort();
}
