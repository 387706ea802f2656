import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectOptions } from '../contract/database-client';
import type { AnalyticsAnswer, AnalyticsTask, Way } from './clients/analytics-client';
import { Child } from './clients/child';
import { median } from './clients/statistics';

/** One of the two analytics that read too much, for one salon or for all. */
interface Analytics {
  readonly name: string;
  readonly before: Way;
  readonly after: Way;
  readonly ofAll: boolean;
}

/** Times and memory of one way. */
export interface AnalyticsSide {
  readonly medianMs: number;
  readonly samples: number;
  /** How much the asking process grew at most, MiB. */
  readonly growthMiB: number;
  /** Rows that it read in its last run. */
  readonly rows: number;
}

/** What was measured of one. */
export interface AnalyticsFigures {
  readonly name: string;
  readonly before: AnalyticsSide;
  readonly after: AnalyticsSide;
  readonly ratioMedian: number;
}

/** How often all salons are asked about: the way that loads all conversations takes a while. */
const RUNS_OF_ALL = 3;

const queries = join(__dirname, 'application-queries');
const POPULAR: Way = { kind: 'query', sql: readFileSync(join(queries, 'popular-intents.sql'), 'utf8'), more: [10] };
const QUALITY: Way = { kind: 'query', sql: readFileSync(join(queries, 'conversation-quality.sql'), 'utf8'), more: [] };
/** Groups the messages by their text. */
const BY_CONTENT: Way = {
  kind: 'query',
  sql: `SELECT content, count(*) AS messages FROM ai_messages
    WHERE ($1::text IS NULL OR salon_id = $1) AND created_at >= $2 AND created_at < $3 AND direction = 'INBOUND'
    GROUP BY content ORDER BY messages DESC LIMIT $4::integer`,
  more: [10],
};

/** The two, each for a salon and for all. */
export const ANALYTICS: readonly Analytics[] = [
  { name: 'popular intents, one salon', before: BY_CONTENT, after: POPULAR, ofAll: false },
  { name: 'popular intents, all salons', before: BY_CONTENT, after: POPULAR, ofAll: true },
  { name: 'conversation quality, one salon', before: { kind: 'load all' }, after: QUALITY, ofAll: false },
  { name: 'conversation quality, all salons', before: { kind: 'load all' }, after: QUALITY, ofAll: true },
];

/**
 * Measures one, the old way on the old database and the new way on the new one, in turn. Each way has a process of its own, whose growth
 * tells what the application would need.
 * @param salons salons to ask about, in turn
 */
export async function measureAnalytics(
  { name, before, after, ofAll }: Analytics,
  logins: { readonly before: ConnectOptions; readonly after: ConnectOptions },
  salons: readonly string[],
  period: { readonly from: string; readonly to: string },
): Promise<AnalyticsFigures> {
  const sides = [
    { child: new Child('analytics-client'), login: logins.before, way: before, answers: [] as AnalyticsAnswer[] },
    { child: new Child('analytics-client'), login: logins.after, way: after, answers: [] as AnalyticsAnswer[] },
  ] as const;
  try {
    for (const salon of ofAll ? Array<null>(RUNS_OF_ALL).fill(null) : [...salons, ...salons]) {
      for (const { child, login, way, answers } of sides) {
        answers.push(await child.ask<AnalyticsAnswer>({ login, way, salon, ...period } satisfies AnalyticsTask));
      }
    }
  } finally {
    for (const { child } of sides) child.end();
  }
  const figures = { before: sideOf(sides[0].answers), after: sideOf(sides[1].answers) };
  return { name, ...figures, ratioMedian: figures.before.medianMs / figures.after.medianMs };
}

function sideOf(answers: readonly AnalyticsAnswer[]): AnalyticsSide {
  return {
    medianMs: median(answers.map(({ ms }) => ms)),
    samples: answers.length,
    growthMiB: Math.max(...answers.map(({ growthMiB }) => growthMiB)),
    rows: answers.at(-1)?.rows ?? 0,
  };
}
