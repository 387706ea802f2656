import { TABLE_SIZES, TOP_STATEMENTS } from '../../contract/logged-rows';
import type { Content } from './body';
import type { DashboardContext } from './context';

/** Rows of a table. */
const ROWS = 10;

/**
 * Tables from the collector's log, which cost no series. A statement has only its id: its text is in pg_stat_statements. What it took in the
 * dashboard's time range is the difference of two lines, so a statement that was logged once shows 0.
 */
export function logTables({ collectorLog, region }: DashboardContext): Content[] {
  if (collectorLog === undefined) return [];
  const table = (title: string, message: string, ...commands: string[]): Content => ({
    type: 'log',
    properties: {
      title,
      view: 'table',
      region,
      query: [`SOURCE '${collectorLog}'`, `filter message = "${message}"`, ...commands, `limit ${ROWS}`].join(' | '),
    },
  });
  return [
    table(
      'Largest tables',
      TABLE_SIZES.message,
      'stats latest(size_bytes) as bytes, latest(dead_ratio) as dead_share by schemaname, relname',
      'sort bytes desc',
    ),
    // A later expression may use the names of earlier ones (CloudWatch Logs User Guide, "Sample queries", on memory of Lambda functions).
    table(
      'Statements that took the most time',
      TOP_STATEMENTS.message,
      'stats max(total_exec_ms) as ms_then, min(total_exec_ms) as ms_before, ms_then - ms_before as took_ms, max(calls) as calls_then, min(calls) as calls_before, calls_then - calls_before as called by queryid',
      'sort took_ms desc',
      'display queryid, took_ms, called',
    ),
  ];
}
