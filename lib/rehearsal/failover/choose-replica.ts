/** How far a replica has received the primary's WAL. */
export interface ReplicaPosition {
  readonly name: string;
  /** pg_last_wal_receive_lsn(), such as `0/3A0001C8`. */
  readonly received: string;
}

/**
 * The replica to promote: the one that has received more, of equal ones the first. Another one would lose more rows, and the one that has
 * received more could no longer follow it.
 * @throws Error where there is no replica
 */
export function chooseReplica<Position extends ReplicaPosition>(positions: readonly Position[]): Position {
  const [first, ...others] = positions;
  if (!first) throw new Error('there is no replica to promote');
  return others.reduce((best, each) => (bytesOf(each.received) > bytesOf(best.received) ? each : best), first);
}

/** A position in bytes. It has two halves of 32 bits each, in hexadecimal digits (PostgreSQL's documentation, "pg_lsn Type"). */
function bytesOf(lsn: string): bigint {
  const [high = '', low = ''] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
