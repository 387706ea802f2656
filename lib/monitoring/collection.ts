import type { CollectedMetric, CollectedQuery } from '../contract/collected-query';
import { LOGGED_ROWS } from '../contract/logged-rows';
import { OWN_METRICS } from '../contract/metrics';
import { SALON_LABEL } from '../contract/worst-salons';
import { InvalidQueries, loadQueries, type Query, type QueryColumn } from './queries';
import { COLLECTOR_SOURCES } from './sources/collector';
import type { PublishedSource } from './sources/source';

/**
 * The queries that the collector runs, as plain data for its bundle: those with a column that is published or logged. The others would
 * cost the servers time for values that nobody sees.
 * @throws InvalidQueries naming every source that does not match its column in custom-queries.yaml
 */
export function loadCollection(): CollectedQuery[] {
  return collectionOf(loadQueries(), COLLECTOR_SOURCES, OWN_METRICS);
}

/**
 * The same for given queries and sources.
 * @param own sources that do not come from a query
 * @throws InvalidQueries
 */
export function collectionOf(
  queries: readonly Query[],
  sources: Readonly<Record<string, PublishedSource>>,
  own: readonly string[],
): CollectedQuery[] {
  const wanted = Object.entries(sources).filter(([metric]) => !own.includes(metric));
  const faults = wanted.flatMap(([metric, source]) => sourceFaults(metric, source, queries));
  if (faults.length > 0) throw new InvalidQueries(faults);
  return queries
    .map(({ columns, ...query }) => ({
      ...query,
      labels: columns.flatMap(({ name, usage }) => (usage === 'LABEL' ? [name] : [])),
      metrics: columns.flatMap(({ name }) => collected(`${query.name}_${name}`, name, sources)),
      details: detailsOf(query.name, columns, sources),
    }))
    .filter(({ name, metrics }) => metrics.length > 0 || isLogged(name));
}

/** The metrics whose values are salons, with the details that the log has beside a value. */
export function salonMetrics(
  collection: readonly CollectedQuery[],
): { readonly metric: string; readonly details: readonly string[] }[] {
  return collection
    .filter(({ labels }) => labels.includes(SALON_LABEL))
    .flatMap(({ metrics, details }) => metrics.map(({ metric }) => ({ metric, details })));
}

function collected(
  metric: string,
  column: string,
  sources: Readonly<Record<string, PublishedSource>>,
): CollectedMetric[] {
  const source = sources[metric];
  if (!source) return [];
  const { kind, per, servers } = source;
  return [{ metric, column, kind, per, servers }];
}

function isLogged(query: string): boolean {
  return LOGGED_ROWS.some((logged) => logged.query === query);
}

function detailsOf(
  query: string,
  columns: readonly QueryColumn[],
  sources: Readonly<Record<string, PublishedSource>>,
): string[] {
  const isOfSalons = columns.some(({ name, usage }) => usage === 'LABEL' && name === SALON_LABEL);
  if (!isOfSalons && !isLogged(query)) return [];
  return columns.flatMap(({ name, usage }) => (usage === 'LABEL' || sources[`${query}_${name}`] ? [] : [name]));
}

function sourceFaults(metric: string, source: PublishedSource, queries: readonly Query[]): string[] {
  const found = columnOf(metric, queries);
  if (!found) {
    return [`the source ${metric} is not a column; ${nearest(metric, queries)}`];
  }
  const { query, column } = found;
  if (column.usage === 'LABEL') return [`the source ${metric} is a label; allowed: a GAUGE or a COUNTER`];
  const usage = source.kind === 'counter' ? 'COUNTER' : 'GAUGE';
  const primaryOnly = source.servers === 'primary';
  return [
    ...(column.usage === usage
      ? []
      : [`the column ${metric} is a ${column.usage}; its source is a ${source.kind}, which takes a ${usage}`]),
    ...(query.primaryOnly === primaryOnly
      ? []
      : [
          `the query ${query.name} has master ${query.primaryOnly}; the source ${metric} is for ${source.servers} servers, which takes master ${primaryOnly}`,
        ]),
  ];
}

function columnOf(metric: string, queries: readonly Query[]): { query: Query; column: QueryColumn } | undefined {
  for (const query of queries) {
    const column = query.columns.find(({ name }) => `${query.name}_${name}` === metric);
    if (column) return { query, column };
  }
  return undefined;
}

/** A hint: the columns of the query with whose name the metric begins. */
function nearest(metric: string, queries: readonly Query[]): string {
  const query = queries.find(({ name }) => metric.startsWith(`${name}_`));
  if (!query) return 'it does not begin with the name of a query of custom-queries.yaml';
  return `the columns of ${query.name} are ${query.columns.map(({ name }) => name).join(', ')}`;
}
