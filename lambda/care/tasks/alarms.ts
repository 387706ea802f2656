import {
  type AlarmHistoryItem,
  type CloudWatchClient,
  DescribeAlarmHistoryCommand,
  type DescribeAlarmHistoryCommandInput,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { Question } from '../aws';
import { allPages } from '../pages';

/** CloudWatch keeps an alarm's history for 30 days (CloudWatch API Reference, DescribeAlarmHistory). */
const HISTORY_DAYS = 30;
const DAY_MS = 86_400_000;
const MOST_NAMED = 10;

/** Alarms of the last day. */
export const alarmsOfTheDay: Question = {
  title: 'Alarms that fired',
  ask: async ({ cloudWatch }, { environment }, now) =>
    decideFired(await fired(cloudWatch, environment, new Date(now.getTime() - DAY_MS), now), 'in 24 h'),
};

/** Alarms of the last week, and how many never fire: nobody has seen those work here. */
export const alarmsOfTheWeek: Question = {
  title: 'Alarms that fired, and that never do',
  ask: async ({ cloudWatch }, { environment }, now) => {
    const month = await fired(cloudWatch, environment, new Date(now.getTime() - HISTORY_DAYS * DAY_MS), now);
    const week = month.filter(({ at }) => at.getTime() >= now.getTime() - 7 * DAY_MS);
    const { names, withoutData } = await currentAlarms(cloudWatch, environment);
    const silent = names.filter((name) => !month.some((each) => each.name === name)).length;
    const result = decideFired(week, 'in 7 days');
    return {
      state: withoutData.length > 0 ? 'look' : result.state,
      lines: [
        ...result.lines,
        ...withoutData.map((name) => `${name} has no data (INSUFFICIENT_DATA)`),
        `${silent} of ${names.length} did not fire in the ${HISTORY_DAYS} days that CloudWatch remembers; the rehearsal shows that each can`,
      ],
    };
  },
};

/** A change of an alarm to ALARM. */
interface Firing {
  readonly name: string;
  readonly at: Date;
}

async function fired(client: CloudWatchClient, environment: string, from: Date, to: Date): Promise<Firing[]> {
  const wanted: DescribeAlarmHistoryCommandInput = {
    HistoryItemType: 'StateUpdate',
    // The most that a page has.
    MaxRecords: 100,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    StartDate: from,
    EndDate: to,
  };
  const pages = await allPages((NextToken) => client.send(new DescribeAlarmHistoryCommand({ ...wanted, NextToken })));
  return firings(
    pages.flatMap(({ AlarmHistoryItems = [] }) => AlarmHistoryItems),
    environment,
  );
}

/** The changes to ALARM of an environment's alarms. The history of an account has the alarms of others too. */
function firings(items: readonly AlarmHistoryItem[], environment: string): Firing[] {
  return items.flatMap(({ AlarmName = '', Timestamp, HistorySummary = '' }) =>
    AlarmName.startsWith(`${environment}-`) && Timestamp && / to ALARM/.test(HistorySummary)
      ? [{ name: AlarmName, at: Timestamp }]
      : [],
  );
}

async function currentAlarms(
  client: CloudWatchClient,
  environment: string,
): Promise<{ readonly names: readonly string[]; readonly withoutData: readonly string[] }> {
  const wanted: DescribeAlarmsCommandInput = {
    AlarmNamePrefix: `${environment}-`,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  };
  const pages = await allPages((NextToken) => client.send(new DescribeAlarmsCommand({ ...wanted, NextToken })));
  const alarms = pages.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms]);
  return {
    names: alarms.map(({ AlarmName = '' }) => AlarmName),
    withoutData: alarms.flatMap(({ AlarmName = '', StateValue }) =>
      StateValue === 'INSUFFICIENT_DATA' ? [AlarmName] : [],
    ),
  };
}

function decideFired(firings: readonly Firing[], period: string): Awaited<ReturnType<Question['ask']>> {
  const counts = new Map<string, number>();
  for (const { name } of firings) counts.set(name, (counts.get(name) ?? 0) + 1);
  const lines = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name}: ${count === 1 ? 'once' : `${count} times`} ${period}`);
  if (lines.length === 0) return { state: 'fine', lines: [`none ${period}`] };
  const more = lines.length > MOST_NAMED ? [`and ${lines.length - MOST_NAMED} more`] : [];
  return { state: 'look', lines: [...lines.slice(0, MOST_NAMED), ...more] };
}
