/** A value to fill in. `undefined` where the environment does not have it: the field or list item that asks for it is left out. */
export type PlaceholderValue =
  string | number | boolean | readonly string[] | readonly Readonly<Record<string, string>>[] | undefined;

interface Kinds {
  text: string;
  number: number;
  boolean: boolean;
  list: readonly string[];
  tags: readonly { readonly Key: string; readonly Value: string }[];
}
type Kind = keyof Kinds;

/** `?`: an environment may not have it. */
type Placeholders = Readonly<Record<string, Kind | `${Kind}?`>>;

/** A value for each of these placeholders: one that is missing, of another type or not declared does not compile. */
type ValuesOf<P extends Placeholders> = {
  readonly [Name in keyof P]: P[Name] extends `${infer K extends Kind}?`
    ? Kinds[K] | undefined
    : P[Name] extends Kind
      ? Kinds[P[Name]]
      : never;
};

/**
 * What documents and permissions may write as `${Name}`, the same for every document of an environment. Settings of a server are those
 * that the stack states of it; a server that a document makes gets the same.
 */
export const ENVIRONMENT_PLACEHOLDERS = {
  Environment: 'text',
  Region: 'text',
  /** Domain of the endpoints of AWS, such as amazonaws.com. */
  UrlSuffix: 'text',
  /** ARNs of RDS, CloudWatch alarms and parameters begin with these. */
  Rds: 'text',
  Alarms: 'text',
  Parameters: 'text',
  /** Namespace of the metrics that the collector publishes. */
  MetricNamespace: 'text',
  /** Identifier of the primary. */
  Primary: 'text',
  /** Its resource id, which stays when the identifier changes. */
  PrimaryResourceId: 'text?',
  PrimaryClass: 'text?',
  /** GiB. */
  PrimaryMaxStorage: 'number?',
  PrimaryParameterGroup: 'text?',
  MultiAz: 'boolean',
  RetentionDays: 'number',
  MaintenanceWindow: 'text',
  SubnetGroup: 'text?',
  SecurityGroups: 'list?',
  CaCertificate: 'text?',
  LifecycleSupport: 'text?',
  /** Interval of Enhanced Monitoring; 0 is off. */
  MonitoringSeconds: 'number?',
  MonitoringRole: 'text?',
  InsightsRetentionDays: 'number?',
  InsightsMode: 'text?',
  /** ARN of the key that encrypts the database. */
  DataKey: 'text?',
  /** Tags of every server of the environment. */
  Tags: 'tags',
  /** Those and the one that marks a restored instance. */
  RestoredTags: 'tags',
  /** The tag by which the backup plan selects servers. */
  BackupTagKey: 'text',
  BackupTagValue: 'text',
  /** Parameters with the addresses of the writer and the primary. */
  WriterParameter: 'text',
  PrimaryParameter: 'text',
  MasterSecret: 'text',
  ApplicationSecret: 'text',
  /** Name and ARN of the proxy, and the ARN of its target group. */
  Proxy: 'text?',
  ProxyArn: 'text?',
  TargetGroup: 'text?',
  /** ARN of the topic that asks for approvals, and of the key that encrypts it. */
  Topic: 'text',
  TopicKey: 'text',
  /** Names or ARNs of the people or roles that may approve, and how many of them must. */
  Approvers: 'list',
  Approvals: 'number',
  /** ARN of the state machine that recovers a table; ARNs of its executions begin with `Executions`. */
  RecoveryMachine: 'text',
  Executions: 'text',
} as const satisfies Placeholders;

/** Also known to the documents that exist once for each replica. */
export const REPLICA_PLACEHOLDERS = {
  /** Such as `replica-1`. */
  Server: 'text',
  /** Its identifier. */
  Replica: 'text',
  ReplicaClass: 'text?',
  ReplicaZone: 'text?',
  /** GiB. */
  ReplicaMaxStorage: 'number?',
  ReplicaParameterGroup: 'text?',
} as const satisfies Placeholders;

/** Known to the content of a document only: the ARN of the role that it assumes. */
export const ROLE_PLACEHOLDERS = { Role: 'text' } as const satisfies Placeholders;

/** Values of an environment. */
export type EnvironmentValues = ValuesOf<typeof ENVIRONMENT_PLACEHOLDERS>;
/** Values of a replica. */
export type ReplicaValues = ValuesOf<typeof REPLICA_PLACEHOLDERS>;

/** Names of the placeholders that a text, or the texts of a document or a permission, use. */
export function placeholdersIn(value: unknown): Set<string> {
  return new Set([...JSON.stringify(value).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
}
