/** What a restore to a moment showed: `restore` of rehearsal.json. */
export interface RestoreReport {
  /** Moment just before a table was dropped, ISO 8601. */
  readonly targetTime: string;
  /** As the drill itself measured it, seconds. Its waits run faster than on AWS; the restore and the checks do not. */
  readonly rtoSeconds: {
    /** From the start of the drill until the restored server takes writes. */
    readonly restore: number;
    /** From then until the first session. */
    readonly connect: number;
    /** From then until the last check passed. */
    readonly validate: number;
    readonly total: number;
  };
  /** From the newest heartbeat in the restored database until the moment wanted. */
  readonly rpoSeconds: number;
  /** How far the archive was behind when the table was dropped: what would have been lost with the server and its disk. */
  readonly archiveLagSeconds: number;
  /** Longest that anything may stay out of the archive. */
  readonly archiveIntervalSeconds: number;
  /** Rows of all tables when the moment was taken, and in the restored database. */
  readonly rowsExpected: number;
  readonly rowsFound: number;
  /** Tables whose rows are not the same by count and checksum. */
  readonly tablesDiffering: readonly string[];
  /** The table that was dropped. */
  readonly table: string;
  /** Whether it is back beside the live tables, alone, with every row by checksum. */
  readonly tableRecovered: boolean;
  /** Restored servers, and folders of them, that are still there. */
  readonly leftovers: number;
  /** Bytes of the base backup and of the archived WAL that the restore needs. */
  readonly bytes: number;
  /** Only of a run with a size: what copying the same files takes, seconds. */
  readonly copySeconds?: number;
  /** The restore's time ÷ copySeconds. */
  readonly ratio?: number;
}

/** A restore may take so many times what copying its files takes. */
export const MAX_RATIO = 2;

/** What does not hold, a sentence each without a full stop. */
export function restoreFailures(report: RestoreReport): string[] {
  const { rowsExpected, rowsFound, tablesDiffering, archiveIntervalSeconds: interval, ratio } = report;
  return [
    ...(rowsExpected > 0 ? [] : ['there were no rows to restore']),
    ...(tablesDiffering.length === 0
      ? []
      : [
          `the restored database has ${rowsFound} rows of ${rowsExpected}; not the same: ${tablesDiffering.join(', ')}`,
        ]),
    ...(report.rpoSeconds < interval
      ? []
      : [`the recovery point is ${report.rpoSeconds} s old; allowed: under ${interval} s, the archive's interval`]),
    ...(report.archiveLagSeconds < interval
      ? []
      : [`the archive was ${report.archiveLagSeconds} s behind; allowed: under ${interval} s`]),
    ...(report.tableRecovered ? [] : [`${report.table} was not recovered with the rows that it had`]),
    ...(report.leftovers === 0 ? [] : [`${report.leftovers} restored servers or folders are left behind`]),
    ...(ratio === undefined || ratio <= MAX_RATIO
      ? []
      : [
          `the restore took ${ratio.toFixed(2)} times what copying its files took; allowed: at most ${MAX_RATIO} times`,
        ]),
  ];
}

/** The report in one line. */
export function summarizeRestore(report: RestoreReport): string {
  const { rtoSeconds: rto, rowsExpected, rowsFound, table, copySeconds, ratio } = report;
  const seconds = (value: number) => `${value.toFixed(2)} s`;
  return [
    `restored to ${report.targetTime}, just before ${table} was dropped: ${rowsFound} of ${rowsExpected} rows, ${report.tablesDiffering.length} tables differ by checksum`,
    `${table} ${report.tableRecovered ? 'recovered alone' : 'NOT recovered'}`,
    `recovery time ${seconds(rto.total)} (restore ${seconds(rto.restore)}, first session ${seconds(rto.connect)}, checks ${seconds(rto.validate)}; the state machine's waits run 200 times faster than on AWS)`,
    `recovery point ${seconds(report.rpoSeconds)}, archive ${seconds(report.archiveLagSeconds)} behind (interval ${report.archiveIntervalSeconds} s)`,
    `${report.leftovers} leftovers`,
    ...(copySeconds === undefined || ratio === undefined
      ? []
      : [
          `${(report.bytes / 1e9).toFixed(2)} GB restored in ${ratio.toFixed(2)} times what copying them takes (${seconds(copySeconds)})`,
        ]),
  ].join('; ');
}
