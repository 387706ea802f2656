import type { Client } from 'pg';
import { type CheckRole, SAMPLED_ROLES } from '../../lib/contract/roles';
import { StepError, type Validated } from '../../lib/contract/drill-state';
import { compare, comparedUntil, type Comparison, faultsOf } from '../shared/restored-database/decide';
import { countRows, type DatabaseFacts, readFacts, readFinishedMigrations } from '../shared/restored-database/read';

/** Sessions that the validation needs. Whoever opens one ends it. */
export interface ValidationSessions {
  /** drill_user in the restored database. */
  readonly restored: Client;
  /** drill_user in the source, where it can be reached. */
  readonly source: Client | undefined;
  /** Opens a session of a role in the restored database, and ends it after. */
  readonly withRole: <T>(role: CheckRole, work: (session: Client) => Promise<T>) => Promise<T>;
}

/**
 * Proves a restored database complete.
 * @throws StepError ValidationFailed with every fault
 */
export async function validate(
  { restored, source, withRole }: ValidationSessions,
  now: () => Date,
): Promise<Validated> {
  const facts = await readFacts(restored);
  const comparison =
    source && facts.heartbeatAt ? await compareWith(source, restored, facts, facts.heartbeatAt) : undefined;
  const faults = [...faultsOf(facts), ...(comparison?.faults ?? [])];
  for (const role of SAMPLED_ROLES) {
    // Columns that every one of them may read.
    const read = withRole(role, (session) => session.query('SELECT id, created_at FROM bookings LIMIT 1'));
    await read.catch((error: unknown) => faults.push(`${role} cannot read bookings (${describe(error)})`));
  }
  if (faults.length > 0 || !facts.heartbeatAt) throw new StepError('ValidationFailed', faults.join('; '));
  return {
    at: now().toISOString(),
    heartbeatAt: facts.heartbeatAt.toISOString(),
    dataChecksums: facts.dataChecksums,
    migrations: facts.finishedMigrations.length,
    tables: comparison?.tables ?? [],
    roles: SAMPLED_ROLES,
  };
}

async function compareWith(
  source: Client,
  restored: Client,
  facts: DatabaseFacts,
  heartbeatAt: Date,
): Promise<Comparison> {
  const until = comparedUntil(heartbeatAt);
  const [rows, original] = await Promise.all([countRows(restored, until), countRows(source, until)]);
  const finishedMigrations = await readFinishedMigrations(source);
  return compare({ facts, rows }, { facts: { finishedMigrations }, rows: original }, until);
}

/** The code of PostgreSQL or of the system, else the message. */
export function describe(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(code ?? message ?? error);
}
