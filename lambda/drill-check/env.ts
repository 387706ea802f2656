import { join } from 'node:path';
import { RDS_CA_FILE } from '../../lib/contract/files';
import { required } from '../shared/environment';

/** Variables of the function that checks restored databases. */
export interface DrillCheckEnv {
  readonly DATABASE_NAME: string;
  /** Server as JSON (`{"host": "…", "port": 5432}`) that the copy is compared with and a table recovered into; `none` out of its reach. */
  readonly SOURCE: string;
}

/** A server to log in to. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** What the checks work with. */
export interface DrillCheckSettings {
  readonly database: string;
  /** The primary that the copy is of; undefined where it is in another region. */
  readonly source: ServerAddress | undefined;
}

/**
 * Reads the settings, and where the certificates are; Lambda itself sets LAMBDA_TASK_ROOT, the folder of the function's files.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): DrillCheckSettings & { readonly region: string; readonly caFile: string } {
  const variables = required(source, ['DATABASE_NAME', 'SOURCE', 'AWS_REGION', 'LAMBDA_TASK_ROOT']);
  return {
    database: variables.DATABASE_NAME,
    source: variables.SOURCE === 'none' ? undefined : (JSON.parse(variables.SOURCE) as ServerAddress),
    region: variables.AWS_REGION,
    caFile: join(variables.LAMBDA_TASK_ROOT, RDS_CA_FILE),
  };
}
