import type { CompiledAlarm } from './compiled';
import type { MetricSource, PublishedSource } from '../sources/source';

type Passing = Exclude<PublishedSource['from'], 'drill'>;

/** The metric that each publisher publishes at the end of a pass. Drills have none: the inspector reports an overdue drill. */
const HEARTBEATS: Readonly<Record<Passing, string>> = {
  collector: 'collector_passes',
  inspector: 'inspector_passes',
};

/**
 * A sentence for each alarm that missing values of a publisher make fire, other than the alarm on its heartbeat: a dead publisher would
 * page as something else, and first.
 */
export function falseHeartbeats(
  alarms: readonly CompiledAlarm[],
  sources: Readonly<Record<string, MetricSource>>,
): string[] {
  const faults = alarms
    .filter(({ treatMissingData }) => treatMissingData === 'breaching')
    .flatMap(({ alert, metrics }) =>
      metrics.flatMap(({ source }) => {
        const publisher = sources[source]?.from;
        if (publisher !== 'collector' && publisher !== 'inspector' && publisher !== 'drill') return [];
        if (Object.values(HEARTBEATS).includes(source)) return [];
        const allowed = publisher === 'drill' ? 'drill_overdue_days' : `absent(${HEARTBEATS[publisher]})`;
        return `alert ${alert}: missing values of ${source} make it fire, so it would fire when the ${publisher} is down; allowed: ${allowed} for that, and another missingData than breaching for the source`;
      }),
    );
  return [...new Set(faults)];
}

/** A sentence for each publisher whose missing values count as healthy while no alarm watches its heartbeat. */
export function missingHeartbeats(
  alarms: readonly CompiledAlarm[],
  sources: Readonly<Record<string, MetricSource>>,
): string[] {
  const watched = alarms
    .filter(
      ({ metrics, treatMissingData }) => treatMissingData === 'breaching' && metrics[0]?.statistic === 'SampleCount',
    )
    .map(({ metrics }) => metrics[0]!.source);
  const trusting = alarms.filter(({ treatMissingData }) => treatMissingData !== 'breaching');
  return (Object.keys(HEARTBEATS) as Passing[]).flatMap((publisher) => {
    const heartbeat = HEARTBEATS[publisher];
    const reliant = trusting.filter(({ metrics }) => metrics.some(({ source }) => sources[source]?.from === publisher));
    if (reliant.length === 0 || watched.includes(heartbeat)) return [];
    const names = [...new Set(reliant.map(({ alert }) => alert))];
    const whose =
      names.length === 1 ? `alert ${names[0]} treats` : `alert ${names[0]} and ${names.length - 1} more treat`;
    return [
      `${whose} missing values of the ${publisher} as healthy, but no alert watches the ${publisher}; add one with the expression absent(${heartbeat}), and do not switch it off`,
    ];
  });
}
