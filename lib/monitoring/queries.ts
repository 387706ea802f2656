import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { describeIssue } from '../shared/faults';
import { once } from '../shared/once';

/** Kinds of columns: LABEL tells rows apart, GAUGE is a value, COUNTER is a value that only grows. */
const COLUMN_USAGES = ['LABEL', 'GAUGE', 'COUNTER'] as const;
type ColumnUsage = (typeof COLUMN_USAGES)[number];

/** One column of a query's rows. */
export interface QueryColumn {
  readonly name: string;
  readonly usage: ColumnUsage;
  readonly description: string;
}

/** One query of custom-queries.yaml. Its metrics are `<name>_<column>`. */
export interface Query {
  readonly name: string;
  readonly sql: string;
  /** Whether the query runs on the primary only. */
  readonly primaryOnly: boolean;
  /** How long its rows are reused, seconds. 0: the query runs in every pass. */
  readonly cacheSeconds: number;
  readonly columns: readonly QueryColumn[];
}

/** custom-queries.yaml cannot be used; `faults` has one sentence for each fault. */
export class InvalidQueries extends Error {
  constructor(readonly faults: readonly string[]) {
    super([`custom-queries.yaml has ${faults.length} fault(s):`, ...faults].join('\n  - '));
    this.name = 'InvalidQueries';
  }
}

const NAME = /^[a-z][a-z0-9_]*$/;
const NAME_RULE = 'lower case letters, digits and underscores, a letter first';

const columnSchema = z.strictObject({ usage: z.enum(COLUMN_USAGES), description: z.string().min(1) });

const querySchema = z.strictObject({
  query: z.string().regex(/^\s*(SELECT|WITH)\s/i, 'a statement that begins with SELECT or WITH'),
  master: z.boolean().default(false),
  cache_seconds: z.int().min(1).max(86_400).optional(),
  metrics: z.array(z.record(z.string(), columnSchema)).min(1),
});

const fileSchema = z.record(z.string(), querySchema);

/**
 * The queries of this project, from custom-queries.yaml next to this file.
 * @throws InvalidQueries
 */
export const loadQueries = once((): readonly Query[] =>
  parseQueries(readFileSync(join(__dirname, 'custom-queries.yaml'), 'utf8')),
);

/**
 * Reads queries in the format of postgres_exporter.
 * @throws InvalidQueries with every fault at once, each a sentence: where, the value found, what is allowed.
 */
export function parseQueries(text: string): Query[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new InvalidQueries(document.errors.map((error) => `it is not valid YAML: ${error.message.split('\n')[0]}`));
  }
  const input: unknown = document.toJS();
  const result = fileSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    throw new InvalidQueries(result.error.issues.flatMap((issue) => describeIssue(issue, input, 'the file')));
  }
  const queries = Object.entries(result.data).map(([name, query]) => toQuery(name, query));
  const faults = [...queries.flatMap(queryFaults), ...sharedMetricFaults(queries)];
  if (faults.length > 0) throw new InvalidQueries(faults);
  return queries;
}

function toQuery(name: string, { query, master, cache_seconds = 0, metrics }: z.output<typeof querySchema>): Query {
  const columns = metrics.flatMap((entry) =>
    Object.entries(entry).map(([column, properties]) => ({ name: column, ...properties })),
  );
  return { name, sql: query.trim(), primaryOnly: master, cacheSeconds: cache_seconds, columns };
}

function queryFaults({ name, columns }: Query): string[] {
  const names = columns.map((column) => column.name);
  const repeated = names.filter((column, index) => names.indexOf(column) < index);
  return [
    ...[name, ...names]
      .filter((each) => !NAME.test(each))
      .map((each) => `the name "${each}" in query ${name} is not valid; allowed: ${NAME_RULE}`),
    ...repeated.map((column) => `${name}.metrics has the column ${column} twice; allowed: each column once`),
    ...(columns.some(({ usage }) => usage !== 'LABEL')
      ? []
      : [`${name}.metrics has only labels; allowed: at least one column that is a GAUGE or a COUNTER`]),
  ];
}

/** The query `a_b` with the column `c` and the query `a` with the column `b_c` would give one metric. */
function sharedMetricFaults(queries: readonly Query[]): string[] {
  const owners = new Map<string, string>();
  return queries.flatMap(({ name, columns }) =>
    columns.flatMap((column) => {
      const metric = `${name}_${column.name}`;
      const owner = owners.get(metric);
      owners.set(metric, name);
      return owner === undefined || owner === name
        ? []
        : [`the queries ${owner} and ${name} both give the metric ${metric}; allowed: each metric from one query`];
    }),
  );
}
