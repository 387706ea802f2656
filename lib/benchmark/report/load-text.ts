import { formatCount, formatFigure, formatMilliseconds, formatRatio } from '../../shared/formats';
import { P95_GOAL_MS } from '../load/find-limit';
import type { LoadReport } from '../load/measure-load';

/** What the databases carry, in a few sentences. */
export function loadText({ documentedRate, lowestRate, before, after, request }: LoadReport): string {
  const rate = (limit: number | undefined) =>
    limit === undefined
      ? `not even ${formatRatio(lowestRate)} requests a second (p95 ${formatMilliseconds(before.steps[0]?.p95Ms ?? NaN)} there)`
      : `${formatCount(limit)} requests a second`;
  const cpu = request.cpuMs === undefined ? [] : [`${formatMilliseconds(request.cpuMs)} of the server's CPU time`];
  return [
    `The documented mix within a p95 of ${P95_GOAL_MS} ms: before the migrations the server carries ${rate(before.limit)}, after them ${rate(after.limit)}${gain({ lowestRate, before, after })}.`,
    ...(after.limit === undefined
      ? []
      : [
          `That is ${formatRatio(after.limit / documentedRate)} times the documented ${formatFigure(documentedRate)} a second.`,
        ]),
    `A request takes ${[...cpu, `${formatFigure(request.walBytes / 1024)} KiB of write-ahead log`].join(' and ')} on average.`,
  ].join(' ');
}

/** How many times the load after the migrations is that before them. */
function loadGain({
  lowestRate,
  before,
  after,
}: Pick<LoadReport, 'lowestRate' | 'before' | 'after'>): number | undefined {
  return after.limit === undefined ? undefined : after.limit / (before.limit ?? lowestRate);
}

function gain(load: Pick<LoadReport, 'lowestRate' | 'before' | 'after'>): string {
  const times = loadGain(load);
  if (times === undefined) return '';
  return `, ${load.before.limit === undefined ? 'over ' : ''}${formatRatio(times)} times as many`;
}

/** The same in one sentence. */
export function loadHeadline({ documentedRate, lowestRate, before, after }: LoadReport): string {
  if (after.limit === undefined) return '';
  const times = formatRatio(after.limit / documentedRate);
  const earlier = before.limit === undefined ? `not even ${formatCount(lowestRate)}` : formatCount(before.limit);
  return `Within a p95 of ${P95_GOAL_MS} ms it carries ${formatCount(after.limit)} requests a second of the documented mix, ${times} times the documented rate; before the migrations ${earlier}.`;
}
