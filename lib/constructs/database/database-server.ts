import type { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';

/** The port of every server and of the proxy. Security groups restrict access to it; another number would not. */
export const POSTGRES_PORT = 5432;

/** A server of the database, and its name in metrics, alarms and runbooks. */
export interface DatabaseServer {
  /** `primary`, `replica-1`, `replica-2` … */
  readonly name: string;
  readonly instance: IDatabaseInstance;
}
