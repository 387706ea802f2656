import { setTimeout as sleep } from 'node:timers/promises';
import { formatCount } from '../shared/formats';
import type { Context } from './context';
import { type Gate, gateOf } from './fence';
import { gigabytes, guardSource, heldBytes } from './logical/guard';
import { MOVING_BACK, MOVING_IN } from './logical/names';
import { slotOf } from './logical/publication';
import { subscriptionOf, type TableProgress, tableProgress } from './logical/subscription';
import { rowOf, rowsOf, type Side } from './session';
import type { MoveState, Phase } from './state/state';
import { requireState } from './state/store';

/** A stream between the two databases, as far as it can be seen. */
export interface Stream {
  /** Undefined: nothing can be said, because nothing streams at the moment. */
  readonly lagSeconds: number | undefined;
  /** Changes that have not arrived, bytes. */
  readonly lagBytes: number;
  readonly running: boolean;
  /** Errors of the subscriber since the stream began; undefined where its PostgreSQL does not count them. */
  readonly errors: number | undefined;
}

/** How far an import is. */
export interface Status {
  readonly phase: Phase;
  readonly method: 'logical' | 'copy';
  readonly tables: readonly TableProgress[];
  readonly indexesPending: number;
  /** Undefined: no slot, so no stream. */
  readonly stream: Stream | undefined;
  /** WAL that the stream holds in the source, bytes. */
  readonly heldBytes: number;
  readonly gates: { readonly source: Gate; readonly target: Gate };
  /** What is going on, and what to do. */
  readonly sentence: string;
  /** Nothing needs anybody. */
  readonly ok: boolean;
}

/** Lag above which a cutover waits, bytes. */
export const CUTOVER_LAG_BYTES = 16_000_000;

/** Time in which a stream that works moves on, milliseconds. */
const STUCK_MS = 1500;

/** Reads how far an import is, and drops its slot where that holds too much WAL. */
export async function status({ source, target, wishes }: Context): Promise<Status> {
  const state = await requireState(target, source);
  const dropped = await guardSource(source, wishes.slotLimitBytes);
  const isForward = ['preparing', 'streaming', 'cutting-over'].includes(state.phase);
  const [publisher, subscriber, name] = isForward ? [source, target, MOVING_IN] : [target, source, MOVING_BACK];
  const stream = await streamOverTime(publisher, subscriber, name);
  const known = {
    phase: state.phase,
    method: state.method,
    tables: isForward ? await tableProgress(target, MOVING_IN) : [],
    indexesPending: state.pendingIndexes.length,
    stream,
    heldBytes: await heldBytes(source),
    gates: { source: await gateOf(source), target: await gateOf(target) },
  };
  return { ...known, ...judge(state, known, dropped) };
}

/** The stream, seen twice where the subscriber has refused something: a worker that ends and begins again looks as if it ran. */
async function streamOverTime(publisher: Side, subscriber: Side, name: string): Promise<Stream | undefined> {
  const first = await streamOf(publisher, subscriber, name);
  if (!first?.errors || first.lagBytes === 0) return first;
  await sleep(STUCK_MS);
  const second = await streamOf(publisher, subscriber, name);
  // Not by the lag, which also grows while the application writes faster than a busy subscriber applies.
  return second && { ...second, running: second.running && second.errors === first.errors };
}

/** The stream of a publication and its subscription. */
async function streamOf(publisher: Side, subscriber: Side, name: string): Promise<Stream | undefined> {
  const slot = await slotOf(publisher, name);
  if (!slot || slot.walStatus === 'lost') return undefined;
  const subscription = await subscriptionOf(subscriber, name);
  const [sender] = await rowsOf<{ seconds: number | null }>(
    publisher,
    'SELECT extract(epoch FROM replay_lag)::float8 AS seconds FROM pg_stat_replication WHERE application_name = $1',
    [name],
  );
  const errors =
    subscription?.applyErrors === undefined ? undefined : subscription.applyErrors + (subscription.copyErrors ?? 0);
  const running = sender !== undefined && (subscription?.running ?? false);
  return { lagBytes: slot.lagBytes, lagSeconds: running ? (sender.seconds ?? 0) : undefined, running, errors };
}

/** Time in which a worker that was just started, or that tries again, is there, milliseconds: twice as long as its server waits, at least 4 s. */
async function beginMs(subscriber: Side): Promise<number> {
  const { retry } = await rowOf<{ retry: number }>(
    subscriber,
    "SELECT setting::int AS retry FROM pg_settings WHERE name = 'wal_retrieve_retry_interval'",
  );
  return Math.max(2 * retry, 4000);
}

/** A stream that runs, or begins to within seconds; undefined: it is interrupted. */
export async function runningStream(publisher: Side, subscriber: Side, name: string): Promise<Stream | undefined> {
  const deadline = Date.now() + (await beginMs(subscriber));
  for (;;) {
    const stream = await streamOverTime(publisher, subscriber, name);
    if (stream?.running) return stream;
    if (!stream || Date.now() > deadline) return undefined;
    await sleep(100);
  }
}

function judge(
  state: MoveState,
  { stream, tables, indexesPending }: Omit<Status, 'sentence' | 'ok'>,
  dropped: string | undefined,
): Pick<Status, 'sentence' | 'ok'> {
  const needs = (sentence: string) => ({ sentence, ok: false });
  const fine = (sentence: string) => ({ sentence, ok: true });
  if (dropped !== undefined) return needs(dropped);
  const streams =
    !(state.method === 'copy' && state.phase === 'streaming') && (state.wayBack || state.phase === 'streaming');
  const broken = streams ? brokenStream(stream) : undefined;
  switch (state.phase) {
    case 'preparing':
      return needs('a start was interrupted; the source is writable; run start again');
    case 'streaming':
      if (state.method === 'copy')
        return fine('the target is ready; the source is writable; run cutover in the planned window');
      if (broken !== undefined) return needs(`${broken}; the source is writable`);
      if (tables.some(({ state: each }) => each !== 'streaming'))
        return fine('rows are copied; the source is writable');
      if (indexesPending > 0)
        return needs(`${indexesPending} indexes are not built; the source is writable; run start again`);
      return fine('all rows are copied and changes follow; the source is writable; cutover is possible');
    case 'cutting-over':
      return needs(
        'a cutover was interrupted; the source may be closed and the target is not open; run cutover again to go on, or back to return the source to writes',
      );
    case 'opened':
      if (broken !== undefined) return needs(`the target is open; the way back: ${broken}`);
      return fine(
        state.wayBack
          ? 'the target is open, and its changes flow back to the source; back is possible until finish'
          : 'the target is open, without a way back; run finish',
      );
    case 'returning':
      return needs('a return was interrupted; run back again to go on');
    case 'returned':
      return fine('the source is open again, the target is closed; run finish');
  }
}

function brokenStream(stream: Stream | undefined): string | undefined {
  if (!stream) return 'the slot is lost, so changes are missing; run start again, which copies from the beginning';
  if (stream.running) return undefined;
  const errors =
    stream.errors === undefined ? '' : `, after ${stream.errors} ${stream.errors === 1 ? 'error' : 'errors'}`;
  return `nothing streams at the moment${errors}: the subscriber cannot reach the publisher, one of them is down, or a row is refused; the subscriber's log has the reason; it tries again every few seconds and loses nothing`;
}

/** A status for people. */
export function statusText({ phase, method, tables, stream, heldBytes: held, gates, sentence }: Status): string {
  const lag =
    stream &&
    `${formatCount(stream.lagBytes)} bytes, ${stream.lagSeconds === undefined ? 'unknown' : stream.lagSeconds.toFixed(1)} s behind`;
  return [
    `${phase} (${method})`,
    ...tables
      .filter(({ state }) => state !== 'streaming')
      .map(({ name, state, rows }) => `  ${name}: ${state}, ${formatCount(rows)} rows so far`),
    `stream: ${lag ?? 'none'}; the source keeps ${gigabytes(held)} of WAL for it`,
    `writes: source ${writes(gates.source)}, target ${writes(gates.target)}`,
    sentence,
  ].join('\n');
}

function writes(gate: Gate): string {
  return gate === 'closed' ? 'closed' : 'open';
}
