import { formatCount, formatSeconds } from '../../shared/formats';
import { markdownTable } from '../../shared/markdown';
import type { BacktestReport, IncidentResult } from './report';

/** The report for the console: tables in Markdown, then the verdict. */
export function summarize(report: BacktestReport): string[] {
  const { environment, days, seed, alarms, month, earlier, incidents, seconds } = report;
  return [
    `${days} normal days of ${environment}, seed ${seed}, ${alarms} alarms: ${month.pages} pages, ${month.unexplainedWarnings} warnings by chance, ${month.notifications.length} notifications in all`,
    ...(month.notifications.length === 0 ? [] : ['', notificationTable(report), '']),
    ...(earlier ? ['', comparison(report), ''] : []),
    ...(incidents ? [incidentTable(incidents), ''] : []),
    `${formatSeconds(seconds)}, seed ${seed}`,
    report.ok
      ? `${environment} is quiet in a normal month${incidents ? `, and all ${incidents.length} incidents are noticed in time` : ''}`
      : report.failures.join('\n'),
  ];
}

function notificationTable({ month }: BacktestReport): string {
  return markdownTable(
    ['when', 'alarm', 'severity', 'minutes in ALARM', 'because of'],
    month.notifications.map(({ time, alarm, severity, minutes, because }) => [
      time,
      alarm,
      severity,
      minutes === undefined ? '' : formatCount(minutes),
      because ?? 'chance',
    ]),
  );
}

/** The alarms on salons under the earlier rules and under these. */
function comparison({ earlier = [], month }: Pick<BacktestReport, 'earlier' | 'month'>): string {
  const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  return markdownTable(
    ['alarm', 'in ALARM under the earlier rules', 'fired', 'in ALARM now', 'fired'],
    earlier.map(({ alarm, share, fired }) => {
      const now = month.fired.find((each) => each.alarm === alarm);
      return [alarm, percent(share), formatCount(fired), percent(now?.share ?? 0), formatCount(now?.fired ?? 0)];
    }),
  );
}

function incidentTable(incidents: readonly IncidentResult[]): string {
  return markdownTable(
    ['incident', 'first alarm', 'min to detect', 'pages', 'min to clear', ''],
    incidents.map(({ name, detected, minutesToDetect, pages, minutesToClear, failures }) => [
      name,
      detected[0]?.alarm ?? 'none, as it should be',
      minutesToDetect === undefined ? '' : formatCount(minutesToDetect),
      formatCount(pages),
      minutesToClear === undefined ? '' : formatCount(minutesToClear),
      failures.length === 0 ? 'ok' : 'FAILED',
    ]),
  );
}
