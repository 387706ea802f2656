import { formatGigabytes, formatSeconds } from '../../shared/formats';
import type { BrokenCopy } from './try-broken-copies';

/** Result of a rehearsed restore: `restore` in rehearsal.json. */
export interface RestoreReport {
  /** Moment just before a table was dropped, ISO 8601. */
  readonly targetTime: string;
  /** The recovery time as the drill measured it, seconds. The drill's waits run faster than on AWS; the restore and the checks do not. */
  readonly rtoSeconds: {
    /** From the start of the drill until the restored server accepts writes. */
    readonly restore: number;
    /** From then until the first session. */
    readonly connect: number;
    /** From then until the last check passed. */
    readonly validate: number;
    readonly total: number;
  };
  /** The recovery point: from the newest heartbeat in the restored database until the target time. */
  readonly rpoSeconds: number;
  /** How far the archive was behind when the table was dropped: the data that the loss of the server and its disk would have cost. */
  readonly archiveLagSeconds: number;
  /** Longest time that a commit may be missing from the archive. */
  readonly archiveIntervalSeconds: number;
  /** Rows of all tables at the target time. */
  readonly rowsExpected: number;
  /** Rows of all tables in the restored database. */
  readonly rowsFound: number;
  /** Tables whose rows differ by count or checksum. */
  readonly tablesDiffering: readonly string[];
  /** The table that was dropped. */
  readonly table: string;
  /** Whether the table was recovered alone into the source's schema `recovery`, with every row by checksum. */
  readonly tableRecovered: boolean;
  /** The restored database broken in several ways; undefined in a run with a size, where each check takes too long. */
  readonly brokenCopies?: readonly BrokenCopy[];
  /** Why the checks refused the database after all repairs; undefined: they accepted it. */
  readonly intactRefused?: string;
  /** Number of restored instances, folders and logs that still exist. */
  readonly leftovers: number;
  /** Size of the base backup and of the archived WAL that the restore needs. */
  readonly bytes: number;
  /** Time to copy the same files, seconds; only of a run with a size. */
  readonly copySeconds?: number;
  /** rtoSeconds.restore ÷ copySeconds. */
  readonly ratio?: number;
}

/** Longest allowed time of a restore, as a multiple of the time to copy its files. */
const MAX_RATIO = 2;

/** The requirements that a restore does not meet, a sentence without a full stop for each. */
export function restoreFailures(report: RestoreReport): string[] {
  const { rowsExpected, rowsFound, tablesDiffering, archiveIntervalSeconds: interval, ratio } = report;
  return [
    ...(rowsExpected > 0 ? [] : ['there were no rows to restore']),
    ...(tablesDiffering.length === 0
      ? []
      : [
          `the restored database has ${rowsFound} of ${rowsExpected} rows; different tables: ${tablesDiffering.join(', ')}`,
        ]),
    ...(report.rpoSeconds < interval
      ? []
      : [
          `the recovery point, by the newest heartbeat, is ${report.rpoSeconds} s old; allowed: under ${interval} s, the archive's interval`,
        ]),
    ...(report.archiveLagSeconds < interval
      ? []
      : [`the archive was ${report.archiveLagSeconds} s behind; allowed: under ${interval} s`]),
    ...(report.tableRecovered ? [] : [`${report.table} was not recovered with all of its rows`]),
    ...(report.brokenCopies?.length === 0 ? ['no broken copy was tried'] : []),
    ...(report.brokenCopies ?? []).flatMap(({ broken, refused, reason }) =>
      refused ? [] : [`a restored database passes although ${broken}: ${reason}`],
    ),
    ...(report.intactRefused === undefined
      ? []
      : [`the restored database is refused after every damage was repaired: ${report.intactRefused}`]),
    ...(report.leftovers === 0 ? [] : [`${report.leftovers} restored instances, folders or logs are left behind`]),
    ...(ratio === undefined || ratio <= MAX_RATIO
      ? []
      : [
          `the restore took ${ratio.toFixed(2)} times as long as copying its files; allowed: at most ${MAX_RATIO} times`,
        ]),
  ];
}

/** The report in one line. */
export function summarizeRestore(report: RestoreReport): string {
  const { rtoSeconds: rto, rowsExpected, rowsFound, table, copySeconds, ratio } = report;
  const seconds = (value: number) => formatSeconds(value, 2);
  return [
    `restored to ${report.targetTime}, just before ${table} was dropped: ${rowsFound} of ${rowsExpected} rows, ${report.tablesDiffering.length} tables differ by checksum`,
    `${table} ${report.tableRecovered ? 'recovered alone' : 'NOT recovered'}`,
    `recovery time ${seconds(rto.total)} (restore ${seconds(rto.restore)}, first session ${seconds(rto.connect)}, checks ${seconds(rto.validate)}; the state machine's waits run 200 times faster than on AWS)`,
    `recovery point ${seconds(report.rpoSeconds)}, archive ${seconds(report.archiveLagSeconds)} behind (interval ${report.archiveIntervalSeconds} s)`,
    ...(report.brokenCopies === undefined
      ? []
      : [
          `${report.brokenCopies.filter(({ refused }) => refused).length} of ${report.brokenCopies.length} broken copies refused by the deployed checks`,
        ]),
    `${report.leftovers} leftovers`,
    ...(copySeconds === undefined || ratio === undefined
      ? []
      : [
          `${formatGigabytes(report.bytes)} restored in ${ratio.toFixed(2)} times the time that copying them takes (${seconds(copySeconds)})`,
        ]),
  ].join('; ');
}
