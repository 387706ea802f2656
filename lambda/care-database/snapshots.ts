import type { Client } from 'pg';

/** What is kept from run to run. */
export type SnapshotKind = 'statements' | 'tables' | 'roles' | 'intents';

/** What an earlier run found. */
export interface Snapshot<Row> {
  readonly takenAt: Date;
  readonly rows: readonly Row[];
}

/** How many runs are kept of a kind: what is compared, and some days for a person who looks back; two days of the hourly ones. */
const KEPT: Readonly<Record<SnapshotKind, number>> = { statements: 10, tables: 10, roles: 10, intents: 48 };

/** The latest snapshots of a kind, the newest first. */
export async function readSnapshots<Row>(session: Client, kind: SnapshotKind, count: number): Promise<Snapshot<Row>[]> {
  const { rows } = await session.query<{ taken_at: Date; rows: Row[] }>(
    'SELECT taken_at, rows FROM public.care_snapshots WHERE kind = $1 ORDER BY taken_at DESC LIMIT $2',
    [kind, count],
  );
  return rows.map(({ taken_at, rows }) => ({ takenAt: taken_at, rows }));
}

/** Keeps what this run found, and drops what is too old. A run that is repeated at the same time changes nothing. */
export async function keepSnapshot(
  session: Client,
  kind: SnapshotKind,
  takenAt: Date,
  rows: readonly object[],
): Promise<void> {
  await session.query('INSERT INTO public.care_snapshots VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    kind,
    takenAt,
    JSON.stringify(rows),
  ]);
  await session.query(
    `DELETE FROM public.care_snapshots WHERE kind = $1 AND taken_at NOT IN (
       SELECT taken_at FROM public.care_snapshots WHERE kind = $1 ORDER BY taken_at DESC LIMIT $2)`,
    [kind, KEPT[kind]],
  );
}
