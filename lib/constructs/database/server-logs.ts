import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';

/** The logs that every server exports. */
const EXPORTED = ['postgresql', 'upgrade'];

/** Where the logs of one server go. */
export interface ServerLogsProps {
  /** Identifier of the server, from `serverIdentifier`. */
  readonly identifier: string;
  readonly retention: EnvironmentConfig['logRetentionDays'];
  /** Encrypts the log groups. */
  readonly key: IKey;
}

/**
 * The log groups of a server, for which the server waits: RDS writes into a group of that name where there is one, and otherwise makes one
 * that is kept forever, without a key of ours (RDS User Guide, "Publishing PostgreSQL logs to Amazon CloudWatch Logs", names the groups;
 * that RDS uses an existing one is unconfirmed).
 */
export class ServerLogs extends Construct {
  /** Names of the exported logs, as RDS calls them. */
  readonly exported: string[] = [...EXPORTED];

  constructor(scope: Construct, id: string, { identifier, retention, key }: ServerLogsProps) {
    super(scope, id);
    for (const log of EXPORTED) {
      new LogGroup(this, log, {
        logGroupName: serverLogName(identifier, log),
        retention,
        encryptionKey: key,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    }
  }
}

/** Name of the log group into which RDS exports a log of a server. */
export function serverLogName(identifier: string, log = 'postgresql'): string {
  return `/aws/rds/instance/${identifier}/${log}`;
}

/**
 * Identifier of a server, such as `production-primary-0a1b2c3d`: known before RDS makes the server, so that its log groups can be there
 * first. It ends with the first part of the stack's id, which differs for each creation of the stack: a server that a deleted stack kept
 * never holds the name that the next creation needs.
 * @param properties whose change makes RDS create another server, while the old one still has its name; in letters, digits and hyphens
 */
export function serverIdentifier(environment: string, server: string, properties: readonly string[] = []): string {
  const unique = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  return [environment, server, ...properties, unique].join('-');
}
