import { join } from 'node:path';
import { RDS_CA_FILE } from '../../lib/contract/files';
import { parsed, required } from '../shared/environment';

/** Environment variables of the function. */
export interface CareDatabaseEnv {
  /** Database to log in to. */
  readonly DATABASE_NAME: string;
  /** The servers as JSON, the primary first: `[{"name": "primary", "host": "…", "port": 5432}, …]`. */
  readonly SERVERS: string;
  /** How many salons each limit allows, as JSON: `[{"what": "CPU", "salons": 9800}, …]`. */
  readonly LIMITS: string;
}

/** A limit of the servers, as a number of salons. */
export interface SalonLimit {
  readonly what: string;
  readonly salons: number;
}

/** A server that is looked after. */
export interface CaredServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Settings of the function. */
export interface CareDatabaseSettings {
  readonly database: string;
  readonly region: string;
  /** The primary first. */
  readonly servers: readonly CaredServer[];
  readonly limits: readonly SalonLimit[];
}

/**
 * Reads the settings, and the path of the certificates. Lambda sets LAMBDA_TASK_ROOT, the folder of the function's files.
 * @throws Error naming every variable that is missing
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): CareDatabaseSettings & { readonly caFile: string } {
  const variables = required(source, ['DATABASE_NAME', 'SERVERS', 'LIMITS', 'AWS_REGION', 'LAMBDA_TASK_ROOT']);
  return {
    database: variables.DATABASE_NAME,
    region: variables.AWS_REGION,
    servers: parsed<CaredServer[]>('SERVERS', variables.SERVERS),
    limits: parsed<SalonLimit[]>('LIMITS', variables.LIMITS),
    caFile: join(variables.LAMBDA_TASK_ROOT, RDS_CA_FILE),
  };
}
