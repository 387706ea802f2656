import type { CompiledAlarm } from './compiled';
import type { MetricSource, PublishedSource } from '../sources/source';

type Passing = Exclude<PublishedSource['from'], 'drill' | 'job'>;

/** The metric that each publisher publishes at the end of a pass. Drills and jobs have none: the inspector reports what is overdue. */
const HEARTBEATS: Readonly<Record<Passing, string>> = {
  collector: 'collector_passes',
  inspector: 'inspector_passes',
};

/** What watches each publisher. */
const WATCHED_BY: Readonly<Record<PublishedSource['from'], string>> = {
  collector: `absent(${HEARTBEATS.collector})`,
  inspector: `absent(${HEARTBEATS.inspector})`,
  drill: 'drill_overdue_days',
  job: 'care_overdue_days',
};

function isPublisher(from: MetricSource['from'] | undefined): from is PublishedSource['from'] {
  return from !== undefined && from in WATCHED_BY;
}

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
        if (!isPublisher(publisher) || Object.values(HEARTBEATS).includes(source)) return [];
        const allowed = WATCHED_BY[publisher];
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
