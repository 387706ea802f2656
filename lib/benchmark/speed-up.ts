import { escapeIdentifier } from 'pg';
import type { Cluster } from '../local-postgres/cluster';
import * as databases from './databases/databases';
import { drawValues, type Pattern, PATTERNS } from './patterns';
import { indexMeant, planOf } from './plans';
import { Session } from './clients/session';
import { median } from './clients/statistics';
import { utcText, volumesOf } from './databases/volumes';

/** What the rehearsal shows of the benchmark: that the indexes are used, on a sliver of the data. */
export interface SpeedUp {
  readonly scale: number;
  readonly patterns: SpeedUpOfPattern[];
}

/** A pattern's medians, one client, and the index meant that it reads after the migrations; undefined: none of them. */
export interface SpeedUpOfPattern {
  readonly name: string;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly ratio: number;
  readonly index: string | undefined;
}

const SCALE = 0.005;
const SHOWN = ['salon messages', 'conversation messages', 'AI history by conversation'];
const ASKED = 15;

/** Measures three patterns on a running server, in two databases of its own, which are dropped again. */
export async function measureSpeedUp(cluster: Cluster): Promise<SpeedUp> {
  const end = utcText(new Date());
  const quiet = () => undefined;
  const inMaintenance = (sql: string) =>
    databases.withSession(databases.loginTo(cluster, 'postgres'), (client) => client.query(sql));
  await inMaintenance(`CREATE DATABASE ${escapeIdentifier(databases.BEFORE)}`);
  await databases.load(cluster, volumesOf(SCALE), end, quiet);
  await databases.copy(cluster, quiet);
  await databases.migrate(cluster, databases.migrationSets().all, quiet);
  const patterns: SpeedUpOfPattern[] = [];
  for (const name of SHOWN) patterns.push(await measure(cluster, patternNamed(name), end));
  for (const name of [databases.BEFORE, databases.AFTER])
    await inMaintenance(`DROP DATABASE ${escapeIdentifier(name)}`);
  return { scale: SCALE, patterns };
}

async function measure(cluster: Cluster, pattern: Pattern, end: string): Promise<SpeedUpOfPattern> {
  const logins = databases.loginsToBoth(cluster);
  const values = await drawValues(logins.before, pattern, ASKED, end);
  const medians = { before: NaN, after: NaN };
  for (const side of ['before', 'after'] as const) {
    const session = await Session.open(logins[side]);
    await session.prepare('asked', pattern.sql);
    const times: number[] = [];
    // The first round only warms up.
    for (const set of [...values, ...values]) {
      const started = performance.now();
      await session.ask('asked', set);
      times.push(performance.now() - started);
    }
    await session.end();
    medians[side] = median(times.slice(values.length));
  }
  return {
    name: pattern.name,
    beforeMs: medians.before,
    afterMs: medians.after,
    ratio: medians.before / medians.after,
    index: indexMeant(await planOf(logins.after, pattern, values[0] ?? []), pattern),
  };
}

function patternNamed(name: string): Pattern {
  const pattern = PATTERNS.find((each) => each.name === name);
  if (!pattern) throw new Error(`the benchmark has no pattern "${name}"`);
  return pattern;
}
