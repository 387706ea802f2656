import { join } from 'node:path';
import { RDS_CA_FILE } from '../../lib/contract/files';
import { parsed, required } from '../shared/environment';

/** Environment variables of the function that checks restored databases. */
export interface DrillCheckEnv {
  readonly DATABASE_NAME: string;
  /**
   * The source as JSON (`{"host": "…", "port": 5432}`): the restored database is compared with it, and a table is recovered into it.
   * `none` when it is in another region.
   */
  readonly SOURCE: string;
  /** Copies as JSON, or `none`. */
  readonly COPIES: string;
}

/**
 * The copies of tables that a function makes in the source: of one table, dropped after their check, or of the table that the input names,
 * kept for a person. From the stack, so that no event can change it.
 */
export type Copies = { readonly kept: false; readonly table: string } | { readonly kept: true };

/** Address of a server to log in to. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Settings of the checks. */
export interface DrillCheckSettings {
  readonly database: string;
  /** The primary that the backups are of; undefined when it is in another region. */
  readonly source: ServerAddress | undefined;
  /** Default: none. */
  readonly copies?: Copies;
}

/**
 * Reads the settings, and the path of the certificates. Lambda sets LAMBDA_TASK_ROOT, the folder of the function's files.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): DrillCheckSettings & { readonly region: string; readonly caFile: string } {
  const variables = required(source, ['DATABASE_NAME', 'SOURCE', 'COPIES', 'AWS_REGION', 'LAMBDA_TASK_ROOT']);
  return {
    database: variables.DATABASE_NAME,
    source: variables.SOURCE === 'none' ? undefined : parsed<ServerAddress>('SOURCE', variables.SOURCE),
    copies: variables.COPIES === 'none' ? undefined : parsed<Copies>('COPIES', variables.COPIES),
    region: variables.AWS_REGION,
    caFile: join(variables.LAMBDA_TASK_ROOT, RDS_CA_FILE),
  };
}
