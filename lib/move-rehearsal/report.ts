import { formatCount, formatSeconds } from '../shared/formats';

/** What a move under load and the way back were measured to do. */
export interface MoveReport {
  /** Rows that were copied. */
  readonly rows: number;
  /** From the beginning of the import until all rows are there. */
  readonly copySeconds: number;
  /** From then until the indexes that no constraint needs are built, and changes follow. */
  readonly indexSeconds: number;
  /** The same rows by a bare COPY in the same run, without the indexes that no constraint needs. */
  readonly baselineSeconds: number;
  /** The most that the target was behind while the application wrote. */
  readonly lagSeconds: number;
  /** Longest time without an acknowledged write around the cutover, as clients see it. */
  readonly downtimeSeconds: number;
  /** Writes that clients were told are done, before, during and after the cutover. */
  readonly acknowledged: number;
  /** Acknowledged rows that the target does not have, or has although their delete was acknowledged. */
  readonly lost: number;
  /** Tables whose checksums differ between both sides after the cutover, once the changes have flowed back. */
  readonly checksumsDiffer: number;
  /** The same for the way back. */
  readonly backDowntimeSeconds: number;
  readonly backAcknowledged: number;
  readonly backLost: number;
}

/** Longest time without writes, each way, seconds. */
const MOST_DOWNTIME_SECONDS = 5;
/** An import copies the rows in at most so many times the time of a bare COPY. */
const MOST_COPY_RATIO = 2;

/** What a move must hold and does not, a sentence without a full stop for each. */
export function moveFailures(report: MoveReport): string[] {
  const { copySeconds, baselineSeconds, downtimeSeconds, backDowntimeSeconds, lost, backLost, checksumsDiffer } =
    report;
  const slow = (way: string, seconds: number) =>
    seconds < MOST_DOWNTIME_SECONDS
      ? []
      : [
          `${way} left clients without writes for ${formatSeconds(seconds)}; expected: under ${MOST_DOWNTIME_SECONDS} s`,
        ];
  return [
    ...(lost > 0 ? [`the import lost ${lost} acknowledged rows`] : []),
    ...(backLost > 0 ? [`the way back of the import lost ${backLost} acknowledged rows`] : []),
    ...(checksumsDiffer > 0 ? [`${checksumsDiffer} tables differ by checksum after the import`] : []),
    ...slow('the cutover of the import', downtimeSeconds),
    ...slow('the way back of the import', backDowntimeSeconds),
    ...(copySeconds > MOST_COPY_RATIO * baselineSeconds
      ? [
          `the import copied the rows in ${formatSeconds(copySeconds)}, a bare COPY in ${formatSeconds(baselineSeconds)}; expected: at most ${MOST_COPY_RATIO} times as long`,
        ]
      : []),
  ];
}

/** One line for the console. */
export function summarizeMove(report: MoveReport): string {
  const { rows, copySeconds, baselineSeconds, lagSeconds, downtimeSeconds, acknowledged, lost, checksumsDiffer } =
    report;
  return `${formatCount(rows)} rows copied under load in ${formatSeconds(copySeconds)} (a bare COPY: ${formatSeconds(baselineSeconds)}) and indexed in ${formatSeconds(report.indexSeconds)}, at most ${formatSeconds(lagSeconds)} behind; cutover: ${formatSeconds(downtimeSeconds)} without writes, ${lost} of ${formatCount(acknowledged)} acknowledged writes lost, ${checksumsDiffer} tables differ; back: ${formatSeconds(report.backDowntimeSeconds)}, ${report.backLost} of ${formatCount(report.backAcknowledged)} lost`;
}
