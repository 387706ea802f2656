import type { Client } from 'pg';
import { type CheckRole, SAMPLED_ROLES } from '../../lib/contract/roles';
import { StepError, type Validated } from '../../lib/contract/drill/state';
import { errorCode } from '../shared/errors';
import {
  compare,
  comparedUntil,
  type DataReach,
  faultsOf,
  reachFaults,
  type RestoreComparison,
} from '../shared/restored-database/decide';
import {
  countRows,
  type DatabaseIntegrity,
  readFinishedMigrations,
  readIntegrity,
} from '../shared/restored-database/read';

/** Sessions that the validation needs. The caller opens and ends them. */
export interface ValidationSessions {
  /** drill_user in the restored database. */
  readonly restored: Client;
  /** drill_user in the source; undefined when the source cannot be reached. */
  readonly source: Client | undefined;
  /** Opens a session of a role in the restored database for some work, and ends it afterwards. */
  readonly withRole: <T>(role: CheckRole, work: (session: Client) => Promise<T>) => Promise<T>;
}

/**
 * Checks that a restored database is complete.
 * @param reach the moment that its data should reach
 * @throws StepError ValidationFailed with every fault
 */
export async function validate(
  { restored, source, withRole }: ValidationSessions,
  reach: DataReach,
  now: () => Date,
): Promise<Validated> {
  const integrity = await readIntegrity(restored);
  const { heartbeatAt } = integrity;
  const comparison = source && heartbeatAt ? await compareWith(source, restored, integrity, heartbeatAt) : undefined;
  const faults = [...faultsOf(integrity), ...reachFaults(heartbeatAt, reach), ...(comparison?.faults ?? [])];
  for (const role of SAMPLED_ROLES) {
    // Columns that each of these roles may read.
    const read = withRole(role, (session) => session.query('SELECT id, created_at FROM bookings LIMIT 1'));
    await read.catch((error: unknown) => faults.push(`${role} cannot read bookings (${errorCode(error)})`));
  }
  if (faults.length > 0 || !heartbeatAt) throw new StepError('ValidationFailed', faults.join('; '));
  return {
    at: now().toISOString(),
    heartbeatAt: heartbeatAt.toISOString(),
    dataChecksums: integrity.dataChecksums,
    migrations: integrity.finishedMigrations.length,
    tables: comparison?.tables ?? [],
    roles: SAMPLED_ROLES,
  };
}

async function compareWith(
  source: Client,
  restored: Client,
  { finishedMigrations }: DatabaseIntegrity,
  heartbeatAt: Date,
): Promise<RestoreComparison> {
  const until = comparedUntil(heartbeatAt);
  const [rows, sourceRows] = await Promise.all([countRows(restored, until), countRows(source, until)]);
  const sourceMigrations = await readFinishedMigrations(source);
  return compare({ finishedMigrations, rows }, { finishedMigrations: sourceMigrations, rows: sourceRows }, until);
}
