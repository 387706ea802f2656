import type { Client } from 'pg';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import { CARE_JOBS } from '../../contract/care/jobs';
import type { Cluster } from '../../local-postgres/cluster';
import type { AlarmProof } from '../alarms/alarm-proof';
import type { CareReport } from './care-report';
import { type CareRun, DeployedCare } from './deployed-care';

/** What is looked after. */
export interface CareRehearsalOptions {
  readonly assembly: EnvironmentAssembly;
  readonly cluster: Cluster;
  readonly database: string;
  /** What fired in this rehearsal. */
  readonly alarms: readonly AlarmProof[];
}

const HOUR_MS = 3_600_000;
/** A Wednesday, at an hour in which all jobs publish that they succeeded. Its week has no day of another job. */
const TODAY = new Date('2026-03-11T06:35:00Z');
/** Digests of the days before: the last one is compared with two. */
const DAYS_BEFORE = [2, 1];

/** Messages with intents of today, for the hourly job to count. */
const MESSAGES = `
  WITH salon AS (
    INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)
    VALUES ('care', 'Care', 'care', 'care', now()) RETURNING id
  ), conversation AS (
    INSERT INTO ai_conversations (id, salon_id, phone_number, conversation_id)
    SELECT 'care', id, 'care', 'care' FROM salon RETURNING id
  )
  INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, intent, created_at)
  SELECT 'care-' || n, 'care', 'care', 'care', 'INBOUND', 'x', 'intent ' || n % 3, $1::timestamptz AT TIME ZONE 'UTC'
    FROM generate_series(1, 30) AS n`;

const WRITTEN = 'SELECT coalesce(sum(count), 0)::int AS n FROM intent_analytics WHERE date = $1::date';
const COUNTED = `SELECT count(*)::int AS n FROM ai_messages
  WHERE intent IS NOT NULL AND created_at >= $1::date AND created_at < $1::date + 1`;

/**
 * Runs every job of the deployed care functions on the rehearsed servers. Days pass by the clock that the functions are given: a day of hourly
 * refreshes, and three daily digests, so that the last one has two to compare with.
 */
export async function rehearseCare({ assembly, cluster, database, alarms }: CareRehearsalOptions): Promise<CareReport> {
  const care = await DeployedCare.load(assembly, cluster, database);
  const facts = {
    alarms: assembly.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => String(properties['AlarmName'])),
    fired: alarms.filter(({ provoked }) => provoked).map(({ alarm }) => alarm),
  };
  const runs: CareRun[] = [];
  const run = async (job: (typeof CARE_JOBS)[number], hoursBefore = 0) => {
    runs.push(await care.run(job, new Date(TODAY.getTime() - hoursBefore * HOUR_MS), facts));
  };
  const admin = await cluster.connect(cluster.primary);
  try {
    for (const days of DAYS_BEFORE) await run('daily', 24 * days);
    for (let hours = 23; hours > 0; hours--) await run('intents', hours);
    // Only now, so that what the last run counts is its own work.
    await admin.query(MESSAGES, [TODAY]);
    for (const job of CARE_JOBS) await run(job);
    return {
      runs: CARE_JOBS.map((job) => runs.findLast((each) => each.job === job)!),
      intents: { counted: await numberOf(admin, WRITTEN), expected: await numberOf(admin, COUNTED) },
      total: runs.length,
    };
  } finally {
    await admin.query("DELETE FROM ai_messages WHERE salon_id = 'care'");
    await admin.query("DELETE FROM intent_analytics WHERE salon_id = 'care'");
    await admin.query("DELETE FROM ai_conversations WHERE salon_id = 'care'");
    await admin.query("DELETE FROM salons WHERE id = 'care'");
    await admin.end();
  }
}

async function numberOf(session: Client, sql: string): Promise<number> {
  const { rows } = await session.query<{ n: number }>(sql, [TODAY.toISOString().slice(0, 10)]);
  return rows[0]!.n;
}
