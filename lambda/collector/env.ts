import { join } from 'node:path';
import { COLLECTION_FILE, RDS_CA_FILE } from '../../lib/contract/files';
import { parsed, required } from '../shared/environment';

/** Environment variables of the collector. */
export interface CollectorEnv {
  /** Value of the dimension `Environment`. */
  readonly ENVIRONMENT: string;
  /** Database to log in to. */
  readonly DATABASE_NAME: string;
  /** The servers as JSON: `[{"name": "primary", "host": "…", "port": 5432}, …]`. */
  readonly SERVERS: string;
}

/** A server that the collector queries. */
export interface CollectedServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Settings of the collector. */
export interface CollectorSettings {
  readonly environment: string;
  readonly database: string;
  readonly region: string;
  readonly servers: readonly CollectedServer[];
}

/**
 * Reads the collector's settings, and the paths of its files. Lambda sets LAMBDA_TASK_ROOT, the folder of the function's files.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): CollectorSettings & { readonly caFile: string; readonly collectionFile: string } {
  const names = ['ENVIRONMENT', 'DATABASE_NAME', 'SERVERS', 'AWS_REGION', 'LAMBDA_TASK_ROOT'] as const;
  const variables = required(source, names);
  return {
    environment: variables.ENVIRONMENT,
    database: variables.DATABASE_NAME,
    region: variables.AWS_REGION,
    servers: parsed<CollectedServer[]>('SERVERS', variables.SERVERS),
    caFile: join(variables.LAMBDA_TASK_ROOT, RDS_CA_FILE),
    collectionFile: join(variables.LAMBDA_TASK_ROOT, COLLECTION_FILE),
  };
}
