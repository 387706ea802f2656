/** Why a finding of the review is acceptable, for the person who reviews it. Each part is a sentence without its full stop. */
export interface Reason {
  /** The fact of this project that makes it acceptable. */
  readonly fact: string;
  /** Where in the template, or in this repository, the fact can be checked. */
  readonly check: string;
  /** What would have to change for the finding to go: at AWS, in the rule, or in the configuration. */
  readonly until: string;
}

/** A reason as the review prints it. */
export function reasonText({ fact, check, until }: Reason): string {
  return `${fact}. Check: ${check}. Until: ${until}`;
}

/** The reason of what the configuration of an environment decides. */
export function decidedByConfiguration(fact: string, field: string): Reason {
  return {
    fact,
    check: `${field} in lib/config/<environment>.ts`,
    until: 'the configuration decides otherwise',
  };
}

/** Reasons of findings on permissions. */
export const PERMISSION_REASONS = {
  inline: {
    fact: 'each policy is made with the one role that it serves, and is deleted with it; as a separate policy anybody could attach it to another role',
    check: 'each AWS::IAM::Policy names exactly one role of its own stack in Roles',
    until: 'the rule accepts a policy with one role',
  },
  servicePolicy: {
    fact: 'an AWS service alone assumes the role, and AWS documents this managed policy for it: the service checks for it, and extends it with its own features',
    check: 'AssumeRolePolicyDocument of the role names one service and this account, and no function uses the role',
    until: 'the service documents the actions that it needs of a narrower policy',
  },
  noResourceLevel: {
    fact: 'IAM authorizes these actions for no resource, or their request names none; where one has a condition, such as the namespace of PutMetricData, the statement has it',
    check:
      'the statements with Resource "*": test/stacks/iam/on-all-resources.ts lists every action that may stand there, and actions.test.ts beside it checks the list against AWS’s own data',
    until: 'AWS adds resource types to the actions (Service Authorization Reference)',
  },
  networkInterfaces: {
    fact: 'Lambda makes the network interfaces of a function with the role of the function, and needs these actions on all resources; the function’s own code is denied them',
    check:
      'the statement NotTheCode in the same policy denies the same actions wherever lambda:SourceFunctionArn is set',
    until: 'Lambda uses a service-linked role for network interfaces',
  },
  namedLater: {
    fact: 'the resource is made after the deployment under a name that begins with this environment’s name and ends with the id of an execution or with what an operator chooses',
    check:
      'Resource has the prefix, and DeleteCopies, the only statement that deletes such a server, has a condition on its tag; test/stacks/iam tries other names and tags',
    until: 'IAM has a policy variable for the name of an execution',
  },
  chosenByAws: {
    fact: 'AWS chooses the id of a restored server, of automated backups, of an execution of Automation, of a session and of a restore test',
    check:
      'the statement with this Resource: those that log in name the database’s role, those that signal or stop an execution, or end a session, have a condition on its tag, and those that restore backups also need the key of this environment',
    until: 'AWS lets the caller choose the id, or authorizes the request by tags',
  },
  anyServer: {
    fact: 'a request that lists servers, or that names one of the operator’s choice, is authorized on all of them',
    check:
      'each action on all servers stands in a statement with a condition on the tag Environment, except rds:DescribeDBInstances and the removal of a server from our own proxy',
    until: 'RDS authorizes a list by the tags of what it returns',
  },
} as const satisfies Record<string, Reason>;

/** The reason of a wildcard in a resource, by its form. */
export function wildcardReason(resource: string): Reason {
  if (resource === '*') return PERMISSION_REASONS.noResourceLevel;
  if (/:(network-interface|security-group|subnet)\/\*$/.test(resource)) return PERMISSION_REASONS.networkInterfaces;
  if (resource.endsWith(':db:*')) return PERMISSION_REASONS.anyServer;
  return CHOSEN_BY_AWS.some((pattern) => pattern.test(resource))
    ? PERMISSION_REASONS.chosenByAws
    : PERMISSION_REASONS.namedLater;
}

const CHOSEN_BY_AWS = [
  /:dbuser:\*\//,
  /:auto-backup:\*$/,
  /:automation-execution\/\*$/,
  /:session\/\*$/,
  /:db:awsbackup-restore-test-\*$/,
];

/** Reasons of findings on functions and queues. */
export const FUNCTION_REASONS = {
  concurrency: {
    fact: 'only schedules, deployments, state machines and the restore tests of AWS Backup call the functions, so few calls run at once; a new account has a quota of 10, and Lambda refuses to reserve any of them',
    check: 'the callers: every lambda:InvokeFunction in the templates, each Schedule and each Trigger',
    until: 'the initial quota of Lambda allows a reservation',
  },
  deadLetterQueue: {
    fact: 'a dead-letter queue holds events of asynchronous calls: the state machines and the deployment call synchronously; a lost pass of the collector or inspector is missed by its heartbeat alarm, and a lost job of care or drift by the inspector; the validation of restore tests has a failure destination',
    check:
      'EventInvokeConfig of the collector, the inspector and the jobs (no retry) and of the validation (OnFailure), and the alarms PostgreSQLMetricsMissing, PostgreSQLInspectorMissing and CareOverdue',
    until: 'the rule asks only about functions that are called asynchronously, and accepts a destination',
  },
  outsideVpc: {
    fact: 'the function calls APIs of AWS and connects to no server; inside the VPC it would need one to four more endpoints, and could reach the database',
    check:
      'the function’s policy has neither rds-db:connect nor secretsmanager:GetSecretValue, and no security group names it',
    until: 'the rule asks only about functions that connect to something in a VPC',
  },
  isDeadLetterQueue: {
    fact: 'the queue is itself the dead-letter queue of the notifications',
    check: 'DeadLetterConfig or RedrivePolicy of the rules and subscriptions name it, and nothing consumes it',
    until: 'the rule recognizes the queue of a rule or a subscription',
  },
} as const satisfies Record<string, Reason>;

/** Reasons of findings on servers and secrets. */
export const SERVER_REASONS = {
  port: {
    fact: 'the port is reachable only from the security groups of our functions and the proxy, inside the VPC; another number would not hide it',
    check:
      'the ingress rules of ServerSecurityGroup name security groups, and addresses only where `import` of the configuration does; PubliclyAccessible is false',
    until: 'the rule looks at who reaches the port',
  },
  minorVersion: {
    fact: 'the minor version is pinned in the configuration and raised by two deployments, first of the replicas and then of the primary; after an upgrade by RDS the next deployment would ask for the older version',
    check:
      'EngineVersion of the primary; the alert PostgreSQLForcedMaintenance tells of a version that RDS is about to replace',
    until: 'CloudFormation accepts a newer minor version than the template’s',
  },
  inheritedByReplica: {
    fact: 'a replica inherits encryption from its primary and holds no data that the primary does not: the primary is encrypted and backed up, and a lost replica is created again',
    check:
      'SourceDBInstanceIdentifier of the replica refers to the primary, which has KmsKeyId and BackupRetentionPeriod',
    until: 'RDS accepts the encryption of a replica in the same region, and the rule reads the source',
  },
  replicaZones: {
    fact: 'a replica needs no standby: the others are in other zones, and reads move to them when a zone is lost',
    check:
      'AvailabilityZone of the replicas, all different, and the reader’s weighted records with their health checks',
    until: 'the rule asks only about the primary',
  },
  backupPlanElsewhere: {
    fact: 'the plan of the Backup stack selects the primary by its tag',
    check:
      'Tags of the primary and BackupSelection.Conditions in the template of the Backup stack have the same key and value',
    until: 'the rule reads more than one template',
  },
  sourceOfImport: {
    fact: 'the password belongs to a server outside of this account, where nothing here could change it, and is deleted after the move',
    check: '`import` in lib/config/<environment>.ts; the secret’s description names the user',
    until: 'the block is deleted from the configuration',
  },
  rotatedElsewhere: {
    fact: 'the application’s secret is rotated by a schedule in the Access stack, because its first test logs in as a role that the migrations make',
    check: 'AWS::SecretsManager::RotationSchedule in the template of the Access stack refers to the secret',
    until: 'the rule reads more than one template',
  },
  zonesByName: {
    fact: 'the configuration names the zones, which spreads the replicas over them, and a synthesis asks no account for its zones',
    check:
      'network.availabilityZones and replicas in lib/config/<environment>.ts; npm run preflight asks the account whether it has them',
    until: 'CloudFormation can choose different zones for several resources',
  },
} as const satisfies Record<string, Reason>;
