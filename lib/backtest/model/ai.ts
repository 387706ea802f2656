import { DAY, HOUR, type Span } from './clock';
import { type Effect, factorOf } from './effects';
import { drawEvents } from './events';
import { prefixSums, raise } from './highest';
import { DAILY, type Salon } from './salons';

/** Minutes before a span whose answers its first values depend on: the same hour of seven days before. */
const HISTORY = 8 * DAY;
/** Spread of the times of answers: an assumption of a heavy tail, 1 of 100 takes four times the median. */
const LATENCY_SIGMA = 0.6;
/** Models, with the share of their answers, as in the benchmark's data. */
const MODELS = [0.75, 0.25];
const LEAST_ANSWERS = 20;
/** Dollars a token, as in the benchmark's data. */
const TOKEN_COST = 0.00003;
/** The query looks at the last hour; clock.ts says why it has a name here. */
const WINDOW = HOUR;
/** cache_seconds of ai_token_usage, minutes. */
const TOKENS_CACHED = 5;

/** Answers of a salon by minute. Index 0 is `history` before the span. */
export interface Answers {
  /** By model: number and sum of times, ms. */
  readonly models: readonly { readonly count: Uint16Array; readonly latency: Float64Array }[];
  readonly tokens: Float64Array;
  readonly history: number;
}

/** Draws the AI answers of a salon: 150 to 1,050 tokens each, as in the benchmark's data. */
export function drawAnswers(seed: number, salon: Salon, span: Span, effects: readonly Effect[]): Answers {
  const start = span.start - HISTORY;
  const minutes = HISTORY + span.minutes;
  const models = MODELS.map(() => ({ count: new Uint16Array(minutes), latency: new Float64Array(minutes) }));
  const tokens = new Float64Array(minutes);
  const factor = (hour: number) => factorOf(effects, 'answers', salon, hour);
  drawEvents(seed, salon, 'answers', DAILY.answers, { start, minutes }, factor, (minute, random) => {
    const model = models[random.next() < MODELS[0]! ? 0 : 1]!;
    const latency = random.logNormal(salon.latencyMs, LATENCY_SIGMA) * factorOf(effects, 'latency', salon, minute);
    model.count[minute - start]!++;
    model.latency[minute - start]! += latency;
    tokens[minute - start]! += random.whole(150, 1050) * factorOf(effects, 'tokens', salon, minute);
  });
  return { models, tokens, history: HISTORY };
}

/** What the answers of salons come to. */
export interface AnswerValues {
  /** ai_response_time_avg_response_time_ms, the highest of all salons. */
  readonly latency: Float64Array;
  /** ai_token_usage_unusual_tokens, the highest of all salons. */
  readonly unusualTokens: Float64Array;
  /** Dollars of each minute, all salons; index 0 is `history` before the span. */
  readonly cost: Float64Array;
}

/** Room for the values of a span. */
export function answerValues({ minutes }: Span): AnswerValues {
  return {
    latency: new Float64Array(minutes).fill(NaN),
    unusualTokens: new Float64Array(minutes).fill(NaN),
    cost: new Float64Array(HISTORY + minutes),
  };
}

/** Adds the answers of a salon to the values of all. */
export function judgeAnswers({ models, tokens, history }: Answers, values: AnswerValues): void {
  for (let i = 0; i < tokens.length; i++) values.cost[i]! += tokens[i]! * TOKEN_COST;
  for (const { count, latency } of models) {
    let [answers, total] = [0, 0];
    for (let minute = 0; minute < count.length; minute++) {
      if (minute >= history && answers >= LEAST_ANSWERS) raise(values.latency, minute - history, total / answers);
      answers += count[minute]! - (minute >= WINDOW ? count[minute - WINDOW]! : 0);
      total += latency[minute]! - (minute >= WINDOW ? latency[minute - WINDOW]! : 0);
    }
  }
  const upTo = prefixSums(tokens);
  const hourBefore = (minute: number) => upTo[minute]! - upTo[minute - WINDOW]!;
  for (let minute = history; minute < tokens.length; minute += TOKENS_CACHED) {
    const used = hourBefore(minute);
    if (used === 0) continue;
    let usual = 0;
    if (used > 50_000) for (let day = 1; day <= 7; day++) usual += hourBefore(minute - day * DAY) / 7;
    const unusual = used > 3 * usual ? used : 0;
    const end = Math.min(minute + TOKENS_CACHED, tokens.length);
    for (let at = minute; at < end; at++) raise(values.unusualTokens, at - history, unusual);
  }
}

/** ai_cost_last_hour and ai_cost_usual_hour at each minute of the span. */
export function judgeCost(cost: Float64Array): { readonly last: Float64Array; readonly usual: Float64Array } {
  const upTo = prefixSums(cost);
  const minutes = cost.length - HISTORY;
  const last = new Float64Array(minutes);
  const usual = new Float64Array(minutes);
  for (let i = 0; i < minutes; i++) {
    const minute = HISTORY + i;
    last[i] = upTo[minute]! - upTo[minute - HOUR]!;
    let sum = 0;
    for (let day = 1; day <= 7; day++) sum += upTo[minute - day * DAY]! - upTo[minute - day * DAY - HOUR]!;
    usual[i] = Math.max(1, sum / 7);
  }
  return { last, usual };
}
