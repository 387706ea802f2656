/** Rows of a query on the primary that the collector logs for a table of the dashboards: a line for each row, which costs no series. */
export interface LoggedRows {
  /** Name of the query in custom-queries.yaml. */
  readonly query: string;
  /** Message of the lines. The row's labels and values are fields beside it. */
  readonly message: string;
  /** The column whose highest rows are logged. */
  readonly by: string;
}

/** Sizes of the tables. */
export const TABLE_SIZES = { query: 'table_bloat', message: 'table size', by: 'size_bytes' } as const;

/** Statements by their ids, with what they took since the statistics were reset. */
export const TOP_STATEMENTS = { query: 'top_statements', message: 'statement', by: 'total_exec_ms' } as const;

/** All that is logged. */
export const LOGGED_ROWS: readonly LoggedRows[] = [TABLE_SIZES, TOP_STATEMENTS];

/** The most rows of each. */
export const MOST_LOGGED_ROWS = 20;

/** Minutes between two logs, in whole parts of an hour: every minute would cost dollars a month. */
export const MINUTES_BETWEEN_LOGGED_ROWS = 15;
