import { formatDuration } from '../../shared/duration';
import type { CompiledCondition } from './condition';

const SIGNS = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
};
const DAY_SECONDS = 86_400;

/** For the ledger: what an alarm compares, and each difference from Prometheus that follows from it. */
export function alarmNotes({ body, parts }: CompiledCondition, forSeconds: number): string[] {
  const { metrics, expression, evaluationPeriods, periodSeconds, comparisonOperator, threshold } = body;
  const what = expression ?? metrics[0]!.statistic;
  const legend = expression ? ` with ${metrics.map(({ id, statistic, source }) => `${id} = ${statistic} of \`${source}\``).join(', ')}` : ''; // prettier-ignore
  const period = formatDuration(periodSeconds);
  const when =
    evaluationPeriods === 1 ? `one period of ${period}` : `${evaluationPeriods} periods of ${period} in a row`;
  const ranges = parts.flatMap(({ reading }) => (reading.over ? [reading.over.seconds] : []));
  const longest = Math.max(0, ...ranges);
  const unranged = parts.filter(({ reading }) => !reading.over);
  return [
    `\`${what} ${SIGNS[comparisonOperator]} ${threshold}\` in ${when}${legend}`,
    ...(parts.some(({ reading }) => reading.aggregate?.by.length)
      ? ['`for` is over the worst row of each minute, not over one and the same row']
      : []),
    ...(parts.some(({ source }) => (source.from === 'collector' || source.from === 'inspector') && source.per === 'environment' && source.servers === 'all')
      ? ['one alarm for all servers, whose values are one series']
      : []),
    ...(longest > periodSeconds
      ? [`a range of ${formatDuration(longest)} is longer than a period may be: each hour of it must be without an event, which is the same for a count that is never negative`]
      : []),
    ...(ranges.length > 0 && longest === periodSeconds && forSeconds > 0 && evaluationPeriods === 1
      ? ['`for` is no longer than the range, so one period is enough: it may fire up to one range earlier']
      : []),
    ...(unranged.some(({ source }) => source.periodSeconds < periodSeconds)
      ? [
          periodSeconds * evaluationPeriods >= DAY_SECONDS
            ? 'one bad value makes a whole hour bad'
            : `its slowest metric has a value every ${period}, so the alarm has periods of that`,
        ]
      : []),
    ...(periodSeconds * evaluationPeriods > DAY_SECONDS ? ['CloudWatch looks at it once an hour'] : []),
    ...(/\/ \(?m/.test(expression ?? '') ? ['where it divides by 0 there is no value'] : []),
    ...(metrics.some(({ statistic }) => statistic === 'SampleCount')
      ? ['Prometheus waits five minutes more, until the series is stale']
      : []),
    ...(body.treatMissingData === 'notBreaching' && parts.every(({ source }) => source.from === 'vended' && source.domain === 'count')
      ? ['AWS publishes no value for 0, so it clears some periods after the last event']
      : []),
    ...(body.treatMissingData === 'breaching'
      ? ['no value is bad, too: CloudWatch looks for one some periods beyond its window first']
      : []),
  ]; // prettier-ignore
}
