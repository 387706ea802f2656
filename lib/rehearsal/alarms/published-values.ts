import type { MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Client } from 'pg';
import type { CollectedQuery } from '../../contract/collected-query';
import type { CheckResult } from '../report';
import type { DeployedCollector } from './deployed-collector';
import type { LocalCloudWatch } from './local-cloudwatch';

/** A value may change between the collector's query and ours. It does not do so this many times in a row. */
const TRIES = 3;

/** Checks that the collector publishes the same values of the primary's gauges as a direct query returns. */
export async function checkPublishedValues(
  { queries, start }: DeployedCollector,
  superuser: Client,
): Promise<CheckResult> {
  const ofPrimary = queries.filter(({ primaryOnly }) => primaryOnly);
  let different: string[] = [];
  let compared = 0;
  for (let i = 0; i < TRIES; i++) {
    const published = await collectOnce(start);
    const direct = await queryGauges(ofPrimary, superuser);
    compared = direct.size;
    different = [...direct]
      .filter(([metric, values]) => !sameValues(values, published.get(metric) ?? []))
      .map(([metric]) => metric);
    if (different.length === 0) break;
  }
  return {
    name: 'the collector publishes the same values as a direct query',
    ok: different.length === 0 && compared > 0,
    detail: different.length === 0 ? `${compared} metrics compared` : `different: ${different.join(', ')}`,
  };
}

/** Runs one collection. Returns the published values by metric. */
export async function collectOnce(start: DeployedCollector['start']): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  const keep = ({ MetricName = '', Value, Values = [], Counts }: MetricDatum) => {
    const all =
      Value === undefined ? Values.flatMap((value, i) => Array<number>(Counts?.[i] ?? 1).fill(value)) : [Value];
    values.set(MetricName, [...(values.get(MetricName) ?? []), ...all]);
  };
  const client = {
    send: (command: unknown) => {
      (command as PutMetricDataCommand).input.MetricData?.forEach(keep);
      return Promise.resolve({});
    },
  } as unknown as LocalCloudWatch['client'];
  await start(client, () => new Date())();
  return values;
}

async function queryGauges(queries: readonly CollectedQuery[], client: Client): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (const { sql, metrics } of queries) {
    const gauges = metrics.filter(({ kind }) => kind === 'gauge');
    const { rows } = await client.query<Record<string, unknown>>(sql);
    for (const { metric, column } of gauges) {
      const numbers = rows.flatMap((row) => (row[column] === null ? [] : [Number(row[column])]));
      if (numbers.length > 0) values.set(metric, numbers);
    }
  }
  return values;
}

function sameValues(some: readonly number[], others: readonly number[]): boolean {
  const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b).join();
  return sorted(some) === sorted(others);
}
