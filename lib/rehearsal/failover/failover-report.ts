import { formatSeconds } from '../../shared/formats';
import { chooseReplica, type ReplicaPosition } from './choose-replica';

/** Result of a rehearsed failover: `failover` in rehearsal.json. All times begin when the primary is killed. */
export interface FailoverReport {
  /** Name of the server that was killed. */
  readonly killed: string;
  /** How far each replica had received the WAL of the killed primary. */
  readonly replicas: readonly ReplicaPosition[];
  /** Name of the replica that was promoted. */
  readonly promoted: string;
  /** Until the promoted replica accepts writes. */
  readonly secondsToPromote: number;
  /** Until the first write of a client is acknowledged again. */
  readonly secondsToFirstWrite: number;
  /** Until the other replica streams from the new primary and has all that it has; undefined: there is none, or it did not follow. */
  readonly secondsToSecondReplica?: number;
  /** Until the old primary streams as a replica and has all that the new one has; undefined: it did not. */
  readonly secondsToRebuild?: number;
  /** Rows that the old primary acknowledged before it was killed. */
  readonly acknowledged: number;
  /** Those of them that no longer exist: replication is asynchronous. */
  readonly lost: number;
  /** Rows that the new primary acknowledged during the rest of the failover. */
  readonly acknowledgedAfterwards: number;
  /** Those of them that are missing on the new primary. */
  readonly lostAfterwards: number;
  /** Heartbeats of the collector that the new primary acknowledged. */
  readonly heartbeatsAfterwards: number;
  /** Longest time between two heartbeats. */
  readonly heartbeatGapSeconds: number;
  /** Whether the old primary, started again behind its fence, refused the application. */
  readonly fenced: boolean;
  /** Whether the old primary streams as a replica, from a base backup of the new primary. */
  readonly rebuilt: boolean;
  /** Replicas that do not follow the new primary, or lack rows that it has. */
  readonly behind: readonly string[];
  /** Number of replication slots of the new primary that nobody uses: they would keep WAL until its disk is full. */
  readonly unusedSlots: number;
  /** What only AWS does, so that it is not in the times. */
  readonly notRehearsed: readonly string[];
  /** What happens before any replica is promoted; undefined where the primary has no standby. */
  readonly multiAz?: string;
}

/** Figures: RDS User Guide, "Failing over a Multi-AZ DB instance for Amazon RDS"; larger transactions take longer. */
export const MULTI_AZ =
  'the Multi-AZ standby takes over first, without a promotion: it is synchronous, so it has every acknowledged row, and RDS needs typically 60 to 120 s';

/** The parts of a promotion on AWS that no server of this machine can show. */
export const NOT_REHEARSED = [
  'noticing it: the alarm on the primary and the approval by a second person',
  'the restart and the first backup with which RDS promotes a replica, some minutes',
  'DNS and the new target of the proxy (switch-over): the clients here get the new address at once',
  'the other replicas: RDS cannot point them to another primary, so that they are created again, one after another',
] as const;

/** The requirements that a failover does not meet, a sentence without a full stop for each. Some lost rows are counted, not refused. */
export function failoverFailures(report: FailoverReport): string[] {
  const { killed, replicas, promoted, acknowledged, lost, lostAfterwards, behind, unusedSlots, fenced, rebuilt } =
    report;
  const best = chooseReplica(replicas);
  const chosen = replicas.find(({ name }) => name === promoted);
  return [
    ...(chosen?.received === best.received
      ? []
      : [`${promoted} was promoted although ${best.name} had received more of the WAL of ${killed}`]),
    ...(acknowledged > 0 ? [] : [`no row was acknowledged before ${killed} was killed, so that nothing could be lost`]),
    ...(lost < acknowledged || acknowledged === 0
      ? []
      : [`every row that ${killed} acknowledged is lost, so that ${promoted} had not received anything`]),
    ...(lostAfterwards === 0 ? [] : [`${lostAfterwards} rows that ${promoted} acknowledged as primary are missing`]),
    ...(report.heartbeatsAfterwards > 0 ? [] : [`${promoted} got no heartbeat as primary`]),
    ...(fenced ? [] : [`${killed} accepted the application after it was fenced, so that there were two primaries`]),
    ...(rebuilt ? [] : [`${killed} was not rebuilt as a replica of ${promoted}`]),
    ...behind.map((name) => `${name} does not follow the new primary ${promoted}`),
    ...(unusedSlots === 0 ? [] : [`${promoted} has ${unusedSlots} replication slots that no replica uses`]),
  ];
}

/** The report in one line. */
export function summarizeFailover(report: FailoverReport): string {
  const { killed, promoted, acknowledged, lost, secondsToSecondReplica: second, secondsToRebuild: rebuilt } = report;
  const seconds = (value: number) => formatSeconds(value, 2);
  return [
    `${killed} killed under write load: ${promoted} promoted after ${seconds(report.secondsToPromote)}, first write after ${seconds(report.secondsToFirstWrite)}`,
    `${lost} of ${acknowledged} acknowledged rows lost (replication is asynchronous)`,
    ...(second === undefined ? [] : [`the other replica follows after ${seconds(second)}`]),
    ...(rebuilt === undefined ? [] : [`${killed} fenced, and rebuilt as a replica after ${seconds(rebuilt)}`]),
    `${report.acknowledgedAfterwards} rows written meanwhile, ${report.lostAfterwards} of them missing`,
    ...(report.multiAz === undefined ? [] : [`on AWS ${report.multiAz}`]),
    'not rehearsed: the alarm, approval, DNS and the target of the proxy',
  ].join('; ');
}
