import { formatCount, formatMilliseconds, formatRatio, formatSeconds } from '../../../shared/formats';
import { type Chart, drawChart } from '../chart';
import { type Html, html } from '../html';
import { details, list, mark, missing, section, table } from '../parts';
import type { RehearsalReport } from '../../report';

/** The application's queries before and after the migrations. */
export function queries({ speedUp: { patterns, scale } }: RehearsalReport): Html {
  const values = patterns.flatMap(({ beforeMs, afterMs }) => [beforeMs, afterMs]).filter((value) => value > 0);
  const from = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const to = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const bar = (label: string, ms: number, color: string) => ({
    label,
    spans: [{ from, to: ms, color, text: formatMilliseconds(ms) }],
  });
  return section(
    'queries',
    'Queries',
    html`<p>
      Median time of one client, before and after the migrations, on data at scale ${scale}. The axis is logarithmic.
    </p>`,
    values.length === 0
      ? missing('No query was measured.')
      : drawChart({
          description: `Times of ${patterns.length} queries before and after the migrations; the table below has the same figures`,
          axis: { scale: 'log', from, to, label: (ms) => `${ms} ms` },
          rows: patterns.flatMap(({ name, beforeMs, afterMs }) => [
            bar(`${name}, before`, beforeMs, 'var(--soft)'),
            bar(`${name}, after`, afterMs, 'var(--accent)'),
          ]),
        }),
    table(
      'Queries before and after the migrations',
      ['Query', 'Before', 'After', 'Times faster', 'Index'],
      patterns.map(({ name, beforeMs, afterMs, ratio, index }) => [
        name,
        formatMilliseconds(beforeMs),
        formatMilliseconds(afterMs),
        formatRatio(ratio),
        index ?? mark(false, '', 'none of the intended'),
      ]),
    ),
  );
}

/** A database that moved in, and back. */
export function moveIn({ import: done, environment }: RehearsalReport): Html {
  if (!done)
    return section('import', 'Moving in', missing(`${environment} has no replicas, so no database was moved in.`));
  const seconds: readonly (readonly [string, number])[] = [
    ['copy by the import', done.copySeconds],
    ['the same by a bare COPY', done.baselineSeconds],
    ['indexes', done.indexSeconds],
    ['no writes around the cutover', done.downtimeSeconds],
    ['no writes around the way back', done.backDowntimeSeconds],
  ];
  return section(
    'import',
    'Moving in',
    html`<p>
      ${formatCount(done.rows)} rows of a database as it was found moved into the migrated one while clients wrote.
      ${formatCount(done.lost)} of ${formatCount(done.acknowledged)} acknowledged writes were lost on the way in,
      ${formatCount(done.backLost)} of ${formatCount(done.backAcknowledged)} on the way back; ${done.checksumsDiffer}
      tables differ by checksum.
    </p>`,
    drawChart(
      fromZero(
        'Seconds of the copy, and without an acknowledged write',
        seconds.map(([label, to]) => ({ label, from: 0, to })),
      ),
    ),
  );
}

/** The promotion of a replica. */
export function failover({ failover: done, environment }: RehearsalReport): Html {
  if (!done) return section('failover', 'Failover', missing(`${environment} has no replicas, so none was promoted.`));
  const steps: readonly (readonly [string, number | undefined])[] = [
    [`${done.promoted} accepts writes`, done.secondsToPromote],
    ['first write acknowledged', done.secondsToFirstWrite],
    ['the other replica follows', done.secondsToSecondReplica],
    [`${done.killed} rebuilt as a replica`, done.secondsToRebuild],
  ];
  return section(
    'failover',
    'Failover',
    html`<p>
      ${done.killed} was killed under write load. ${formatCount(done.lost)} of ${formatCount(done.acknowledged)}
      acknowledged rows were lost; replication is asynchronous. ${done.multiAz ? `On AWS ${done.multiAz}.` : undefined}
    </p>`,
    drawChart(
      fromZero(
        'Seconds since the primary was killed',
        steps.map(([label, to]) => ({ label, from: 0, to })),
      ),
    ),
    html`<h3>Not rehearsed</h3>`,
    list(done.notRehearsed),
  );
}

/** The restore drill. */
export function restore({ restore: done, environment }: RehearsalReport): Html {
  if (!done)
    return section('restore', 'Restore', missing(`${environment} has no restore drills, so none was rehearsed.`));
  const { rtoSeconds: rto, brokenCopies } = done;
  const connected = rto.restore + rto.connect;
  return section(
    'restore',
    'Restore',
    html`<p>
      The table ${done.table} was dropped and the database restored to the moment before: ${formatCount(done.rowsFound)}
      of ${formatCount(done.rowsExpected)} rows, recovery point ${formatSeconds(done.rpoSeconds, 3)}.
    </p>`,
    drawChart(
      fromZero('Seconds since the restore began', [
        { label: 'restore', from: 0, to: rto.restore },
        { label: 'first session', from: rto.restore, to: connected },
        { label: 'checks', from: connected, to: connected + rto.validate },
      ]),
    ),
    brokenCopies &&
      details(
        `${brokenCopies.filter(({ refused }) => refused).length} of ${brokenCopies.length} broken copies were refused`,
        table(
          'Copies that were broken on purpose',
          ['Broken', 'Result', 'Reason'],
          brokenCopies.map(({ broken, refused, reason }) => [broken, mark(refused, 'refused', 'accepted'), reason]),
        ),
      ),
  );
}

/** What the run took. */
export function phases({ steps }: RehearsalReport): Html {
  let end = 0;
  const rows = steps.map(({ name, seconds }) => ({ label: name, from: end, to: (end += seconds) }));
  return drawChart(fromZero('Seconds of each step of the run', rows));
}

interface Step {
  readonly label: string;
  readonly from: number;
  /** Undefined: it did not happen. */
  readonly to: number | undefined;
}

/** Steps on an axis of seconds, each with how long it took. */
function fromZero(description: string, steps: readonly Step[]): Chart {
  const digits = Math.max(...steps.map(({ to = 0 }) => to)) < 10 ? 2 : 1;
  return {
    description: `${description}: ${steps.map(({ label, from, to }) => `${label} ${to === undefined ? 'did not happen' : formatSeconds(to - from, digits)}`).join(', ')}`,
    axis: {
      scale: 'value',
      from: 0,
      to: Math.max(0.1, ...steps.map(({ to = 0 }) => to)),
      label: (value) => `${Number(value.toFixed(2))} s`,
    },
    rows: steps.map(({ label, from, to }) => ({
      label,
      spans:
        to === undefined
          ? [{ from, to: from, color: 'var(--bad)', text: 'did not happen' }]
          : [{ from, to, color: 'var(--accent)', text: formatSeconds(to - from, digits) }],
    })),
  };
}
