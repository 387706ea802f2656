import { escapeIdentifier } from 'pg';
import type { EnvironmentAssembly } from '../assembly/environment-assembly';
import type { Cluster } from '../local-postgres/cluster';
import * as databases from './databases/databases';
import { DeployedMigrations } from './databases/migrations';
import { drawValues, type Pattern, PATTERNS } from './patterns';
import { intendedIndex, planOf } from './plans';
import { Session } from './clients/session';
import { median } from './clients/statistics';
import { utcText, volumesOf } from './databases/volumes';

/** Figures for the rehearsal: whether the indexes are used, on very little data. */
export interface SpeedUp {
  readonly scale: number;
  readonly patterns: SpeedUpOfPattern[];
}

/** Figures of one pattern. */
interface SpeedUpOfPattern {
  readonly name: string;
  /** Medians of one client, ms. */
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly ratio: number;
  /** The intended index that the plan after the migrations reads; undefined: none of them. */
  readonly index: string | undefined;
}

const SCALE = 0.005;
const SHOWN = ['salon messages', 'conversation messages', 'AI history by conversation'];
const ASKED = 15;

/** Measures three patterns on a running server, in two databases that it creates and drops. */
export async function measureSpeedUp(assembly: EnvironmentAssembly, cluster: Cluster): Promise<SpeedUp> {
  const end = utcText(new Date());
  const quiet = () => undefined;
  const inMaintenance = (sql: string) =>
    databases.withSession(databases.loginTo(cluster, 'postgres'), (client) => client.query(sql));
  await inMaintenance(`CREATE DATABASE ${escapeIdentifier(databases.BEFORE)}`);
  const migrations = await DeployedMigrations.load(assembly);
  await migrations.apply(cluster, databases.BEFORE, 'found');
  await databases.load(cluster, volumesOf(SCALE), end, quiet);
  await databases.copy(cluster, quiet);
  await migrations.apply(cluster, databases.AFTER, 'all');
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
    // The first round is a warm-up.
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
    index: intendedIndex(await planOf(logins.after, pattern, values[0] ?? []), pattern),
  };
}

function patternNamed(name: string): Pattern {
  const pattern = PATTERNS.find((each) => each.name === name);
  if (!pattern) throw new Error(`the benchmark has no pattern "${name}"`);
  return pattern;
}
