import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectOptions } from '../contract/database-client';
import type { AnalyticsAnswer, AnalyticsTask, Method } from './clients/analytics-client';
import { Child } from './clients/child';
import { median } from './clients/statistics';
import type { Progress } from './databases/databases';
import { DAYS, utcText } from './databases/volumes';
import { drawValues, SALON_OF_A_CUSTOMER } from './patterns';

/** One of the two costly analytics, for one salon or for all. */
interface Analytics {
  readonly name: string;
  readonly before: Method;
  readonly after: Method;
  /** Whether all salons are asked for at once. */
  readonly ofAll: boolean;
}

/** Times and memory of one method. */
interface AnalyticsSide {
  readonly medianMs: number;
  readonly samples: number;
  /** Largest growth of the asking process, MiB. */
  readonly growthMiB: number;
  /** Rows read in the last run. */
  readonly rows: number;
}

/** Figures of one of the analytics. */
export interface AnalyticsFigures {
  readonly name: string;
  readonly before: AnalyticsSide;
  readonly after: AnalyticsSide;
  readonly ratioMedian: number;
}

/** Runs for all salons: few, because loading all conversations takes a while. */
const RUNS_OF_ALL = 3;

const queries = join(__dirname, 'application-queries');
const POPULAR: Method = { kind: 'query', sql: readFileSync(join(queries, 'popular-intents.sql'), 'utf8'), more: [10] };
const QUALITY: Method = {
  kind: 'query',
  sql: readFileSync(join(queries, 'conversation-quality.sql'), 'utf8'),
  more: [],
};
/** Groups the messages by their text, as the application did. */
const BY_CONTENT: Method = {
  kind: 'query',
  sql: `SELECT content, count(*) AS messages FROM ai_messages
    WHERE ($1::text IS NULL OR salon_id = $1) AND created_at >= $2 AND created_at < $3 AND direction = 'INBOUND'
    GROUP BY content ORDER BY messages DESC LIMIT $4::integer`,
  more: [10],
};

const ANALYTICS: readonly Analytics[] = [
  { name: 'popular intents, one salon', before: BY_CONTENT, after: POPULAR, ofAll: false },
  { name: 'popular intents, all salons', before: BY_CONTENT, after: POPULAR, ofAll: true },
  { name: 'conversation quality, one salon', before: { kind: 'load all' }, after: QUALITY, ofAll: false },
  { name: 'conversation quality, all salons', before: { kind: 'load all' }, after: QUALITY, ofAll: true },
];

/** Salons that the analytics of one salon are asked for, in turn. */
const ANALYZED_SALONS = 3;
const MS_A_DAY = 86_400_000;

/**
 * Measures all analytics.
 * @param logins to both databases
 * @param end end of the data, UTC without a zone
 */
export async function measureAllAnalytics(
  logins: Logins,
  end: string,
  onProgress: Progress,
): Promise<AnalyticsFigures[]> {
  const salons = (await drawValues(logins.after, SALON_OF_A_CUSTOMER, ANALYZED_SALONS, end)).flat();
  const midnight = Date.parse(`${end.slice(0, 10)}T00:00:00Z`);
  const period = { from: utcText(new Date(midnight - DAYS * MS_A_DAY)), to: utcText(new Date(midnight + MS_A_DAY)) };
  const figures: AnalyticsFigures[] = [];
  for (const each of ANALYTICS) {
    onProgress(`measuring ${each.name}`);
    figures.push(await measureAnalytics(each, logins, salons, period));
  }
  return figures;
}

interface Logins {
  readonly before: ConnectOptions;
  readonly after: ConnectOptions;
}

/**
 * Measures the old method on the old database and the new method on the new one, in turn. Each method runs in a separate process, whose
 * growth shows how much memory the application would need.
 * @param salons salons to ask for, in turn
 */
async function measureAnalytics(
  { name, before, after, ofAll }: Analytics,
  logins: Logins,
  salons: readonly string[],
  period: { readonly from: string; readonly to: string },
): Promise<AnalyticsFigures> {
  const sides = [
    { child: new Child('analytics-client'), login: logins.before, method: before, answers: [] as AnalyticsAnswer[] },
    { child: new Child('analytics-client'), login: logins.after, method: after, answers: [] as AnalyticsAnswer[] },
  ] as const;
  try {
    for (const salon of ofAll ? Array<null>(RUNS_OF_ALL).fill(null) : [...salons, ...salons]) {
      for (const { child, login, method, answers } of sides) {
        answers.push(await child.ask<AnalyticsAnswer>({ login, method, salon, ...period } satisfies AnalyticsTask));
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
