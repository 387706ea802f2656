import { type Context, streamBack } from '../context';
import { MOVING_BACK, MOVING_IN } from '../logical/names';
import { dropPublication, dropSlot, dropTableSlots, makePublication, makeSlot } from '../logical/publication';
import { dropSubscription, makeSubscription, setSubscription, subscriptionOf } from '../logical/subscription';
import { rowOf } from '../session';
import type { MoveState } from '../state/state';

/** Longest wait for the transactions of the target, which a new slot waits for. */
const SLOT_SECONDS = 30;

/**
 * Makes all that the reverse stream needs, stopped. It is done while everything still runs, so that a source which cannot reach the target
 * is found before writes stop.
 */
export async function prepareWayBack(context: Context, { tables }: MoveState): Promise<void> {
  const { source, target } = context;
  await dropWayBack(context);
  await makePublication(target, MOVING_BACK, tables);
  await target.client.query(`SET statement_timeout = '${SLOT_SECONDS}s'`);
  try {
    await makeSlot(target, MOVING_BACK);
  } finally {
    await target.client.query('SET statement_timeout = 0').catch(() => undefined);
  }
  await makeSubscription(source, MOVING_BACK, { copy: false, enabled: false, from: streamBack(context) });
}

/**
 * Lets the reverse stream begin here: what came before came from the source. The subscriber remembers the position: a slot that was moved on
 * returns to its earlier position when its server is killed before the next checkpoint, and would send those rows back.
 * https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-REPLICATION
 */
export async function skipToNow({ source, target }: Context): Promise<void> {
  const { now } = await rowOf<{ now: string }>(target, 'SELECT pg_current_wal_flush_lsn() AS now');
  await target.client.query(`SELECT pg_replication_slot_advance('${MOVING_BACK}', $1::pg_lsn)`, [now]);
  const subscription = await subscriptionOf(source, MOVING_BACK);
  if (!subscription) throw new Error('the subscription of the way back is gone from the source; run cutover again');
  // A transaction with an id is on the disk when it has ended.
  await source.client.query('SELECT pg_replication_origin_advance($1, $2::pg_lsn), txid_current()', [
    `pg_${subscription.oid}`,
    now,
  ]);
}

/** Starts the reverse stream, once nothing flows forward: else changes would go round in a circle. */
export async function startWayBack(context: Context): Promise<void> {
  await dropForward(context);
  await setSubscription(context.source, MOVING_BACK, 'ENABLE');
}

/** Drops the stream into the target, with its slots. */
export async function dropForward({ source, target }: Context): Promise<void> {
  const old = await subscriptionOf(target, MOVING_IN);
  if (old) {
    await dropSubscription(target, MOVING_IN);
    await dropTableSlots(source, old.oid);
  }
  await dropSlot(source, MOVING_IN);
  await dropPublication(source, MOVING_IN);
}

/** Drops the reverse stream, with its slot. */
export async function dropWayBack({ source, target }: Context): Promise<void> {
  await dropSubscription(source, MOVING_BACK);
  await dropSlot(target, MOVING_BACK);
  await dropPublication(target, MOVING_BACK);
}
