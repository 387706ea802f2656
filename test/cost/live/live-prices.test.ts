import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadEnvironment } from '../../../lib/config';
import { environmentPrice } from '../../../lib/cost/environment-price';
import { askPrices } from '../../../lib/cost/live/ask-prices';
import { livePrices } from '../../../lib/cost/live/live-prices';
import { neededPrices } from '../../../lib/cost/live/needed-prices';
import { connectPriceList, type ListedProduct } from '../../../lib/cost/live/price-list-api';
import { isUsageOf, productOf } from '../../../lib/cost/live/products';
import { priceListOf } from '../../../lib/cost/prices';
import { billText } from '../../../lib/cost/report/bill-text';
import { type Resource, resourcesOf } from '../../../lib/cost/resources';
import { DEFAULT_USAGE } from '../../../lib/cost/usage';
import { closeServers, listen } from '../../support/aws/endpoint';
import { stackTemplates } from '../../support/synth';

const TODAY = new Date('2026-12-24T10:00:00Z');
const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };
const config = loadEnvironment('production');
const resources = (): Resource[] =>
  Object.entries(stackTemplates('production')).flatMap(([stack, json]) => resourcesOf(`production-${stack}`, json));

/** A product as the price list has it, with its tiers. */
function product(attributes: Record<string, string>, ...tiers: [from: string, usd: string][]): ListedProduct {
  const dimensions = tiers.map(([beginRange, USD], i) => [String(i), { beginRange, pricePerUnit: { USD } }] as const);
  return {
    product: { attributes },
    terms: { OnDemand: { term: { priceDimensions: Object.fromEntries(dimensions) } } },
  };
}

/** What AWS would answer of Frankfurt: a server, storage, metrics in tiers, and two logs that differ. */
const FRANKFURT: Readonly<Record<string, readonly ListedProduct[]>> = {
  AmazonRDS: [
    product({ usagetype: 'EUC1-InstanceUsage:db.r6g.xlarge' }, ['0', '0.549']),
    product({ usagetype: 'EUC1-InstanceUsage:db.r6g.xlarge', operation: 'other' }, ['0', '0.549']),
    product({ usagetype: 'EUC1-Multi-AZUsage:db.r6g.xlarge' }, ['0', '1.097']),
    product({ usagetype: 'EUC1-RDS:Multi-AZ-GP3-Storage' }, ['0', '0.274']),
    product({ usagetype: 'EUC1-RDS:GP3-Storage' }, ['0', '0.137']),
  ],
  AmazonCloudWatch: [
    product({ usagetype: 'EUC1-CW:MetricMonitorUsage' }, ['10000', '0.1'], ['0', '0.3']),
    product({ usagetype: 'EUC1-DataProcessing-Bytes' }, ['0', '0.63']),
    product({ usagetype: 'EUC1-DataProcessing-Bytes', group: 'x' }, ['0', '0.32']),
  ],
  awskms: [product({ usagetype: 'eu-central-1-KMS-Requests' }, ['0', '0.0000000000'], ['20000', '0.0000030000'])],
};

afterEach(closeServers);

test('today’s prices are found by usage type, in the first tier that costs something', async () => {
  const asked: string[] = [];
  const paths = [
    'rds/instanceHour/r6g.xlarge',
    'rds/instanceHourMultiAz/r6g.xlarge',
    'rds/gp3GbMonth',
    'rds/gp3GbMonthMultiAz',
    'cloudwatch/metric/0/each',
    'cloudwatch/logsIngestGb',
    'kms/request',
    'sns/email',
  ];
  const getProducts = (service: string, region: string, attributes: Readonly<Record<string, string>>) => {
    asked.push([service, region, ...Object.values(attributes)].join(' '));
    return Promise.resolve([...(FRANKFURT[service] ?? [])]);
  };
  const { prices, told, untold } = await livePrices('eu-central-1', paths, getProducts, TODAY);
  expect(told.map((path) => prices.of(path).each)).toEqual([0.549, 1.097, 0.137, 0.274, 0.3, 0.000003]);
  expect(untold).toEqual(['cloudwatch/logsIngestGb']);
  // Once for each service and its attributes.
  expect(asked).toEqual(['AmazonRDS eu-central-1 PostgreSQL', 'AmazonCloudWatch eu-central-1', 'awskms eu-central-1']);
  expect(prices).toMatchObject({ region: 'eu-central-1', collected: '2026-12-24', isPartial: true });
  expect([prices.has('sns/email'), prices.has('rds/gp3GbMonth')]).toEqual([false, true]);
  expect(() => prices.of('sns/email')).toThrow('AWS did not tell a price sns/email of eu-central-1');
});

test('a bill of a region with some prices says at its top how many lines are missing, and lists them', async () => {
  const needed = neededPrices(config, resources(), DEFAULT_USAGE);
  const getProducts = (service: string) => Promise.resolve([...(FRANKFURT[service] ?? [])]);
  const { prices } = await livePrices('eu-central-1', needed, getProducts, TODAY);
  const frankfurt = { ...config, region: 'eu-central-1' };
  const bill = environmentPrice(frankfurt, resources(), DEFAULT_USAGE, prices);
  const here = environmentPrice(config, resources());
  expect(bill.rows.every(({ unitPrice, monthlyUsd }) => unitPrice > 0 && monthlyUsd >= 0)).toBe(true);
  expect(bill.notPriced).toContain('production-Cache/Cache18F6EE16, node, r6g.large');
  expect(bill.rows.length + bill.notPriced.length).toBeLessThanOrEqual(here.rows.length);
  expect(bill.notPriced.length).toBeGreaterThan(10);
  const text = billText(bill);
  expect(text.split('\n')[0]).toMatch(
    new RegExp(
      `^production in eu-central-1: \\$[\\d,.]+ a month, and ${bill.notPriced.length} lines that are not priced: the sum is too low$`,
    ),
  );
  for (const line of bill.notPriced) expect(text).toContain(line);
  expect(text).not.toContain('NaN');
});

test('where lib/cost has prices of the region, they stand in for what AWS does not tell', async () => {
  const needed = neededPrices(config, resources(), DEFAULT_USAGE);
  const rows = [product({ usagetype: 'InstanceUsage:db.r6g.xlarge' }, ['0', '0.46'])];
  const { prices } = await livePrices('us-east-1', needed, () => Promise.resolve(rows), TODAY);
  const bill = environmentPrice(config, resources(), DEFAULT_USAGE, prices);
  expect(bill.notPriced).toEqual([]);
  const replicas = bill.rows.filter(({ component }) => component === 'instance, r6g.xlarge');
  expect(replicas.map(({ unitPrice, confidence }) => [unitPrice, confidence])).toEqual([
    [0.46, 'confirmed'],
    [0.46, 'confirmed'],
  ]);
  expect(prices.of('sns/email')).toEqual(priceListOf('us-east-1').of('sns/email'));
  expect(prices.source).toBe('1 prices from the Price List API on 2026-12-24, the others looked up on 2026-11-23');
});

test.each([
  ['InstanceUsage:db.r6g.xlarge', 'us-east-1', true],
  ['EUC1-InstanceUsage:db.r6g.xlarge', 'eu-central-1', true],
  ['eu-central-1-InstanceUsage:db.r6g.xlarge', 'eu-central-1', true],
  ['us-east-1-InstanceUsage:db.r6g.xlarge', 'eu-central-1', false],
  ['EUC1-Mirror-InstanceUsage:db.r6g.xlarge', 'eu-central-1', false],
  ['EUC1-InstanceUsage:db.r6g.xlarge2', 'eu-central-1', false],
])('%s in %s: %s', (usageType, region, expected) => {
  expect(isUsageOf(productOf('rds/instanceHour/r6g.xlarge')!, usageType, region)).toBe(expected);
});

/** A stand-in for the API with the answers of GetProducts, page by page. */
async function api(answer: (body: Record<string, unknown>) => [status: number, answer: object]) {
  const seen: { request: IncomingMessage; body: Record<string, unknown> }[] = [];
  const address = await listen((request: IncomingMessage, text: string, response: ServerResponse) => {
    const body = JSON.parse(text) as Record<string, unknown>;
    seen.push({ request, body });
    const [status, content] = answer(body);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(content));
  });
  return { seen, getProducts: connectPriceList({ address, credentials: CREDENTIALS }) };
}

test('the API is asked with a signature, and page by page', async () => {
  const { seen, getProducts } = await api(({ NextToken }) => [
    200,
    NextToken
      ? { PriceList: [JSON.stringify(FRANKFURT['AmazonRDS']![1])] }
      : { PriceList: [JSON.stringify(FRANKFURT['AmazonRDS']![0])], NextToken: 'more' },
  ]);
  const found = await getProducts('AmazonRDS', 'eu-central-1', { databaseEngine: 'PostgreSQL' });
  expect(found).toEqual(FRANKFURT['AmazonRDS']!.slice(0, 2));
  expect(seen.map(({ body }) => body['NextToken'])).toEqual([undefined, 'more']);
  expect(seen[0]!.body).toEqual({
    ServiceCode: 'AmazonRDS',
    Filters: [
      { Type: 'TERM_MATCH', Field: 'regionCode', Value: 'eu-central-1' },
      { Type: 'TERM_MATCH', Field: 'databaseEngine', Value: 'PostgreSQL' },
    ],
    FormatVersion: 'aws_v1',
  });
  const { headers } = seen[0]!.request;
  expect(headers['x-amz-target']).toBe('AWSPriceListService.GetProducts');
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/us-east-1\/pricing\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
  );
  expect(JSON.stringify(headers)).not.toContain(CREDENTIALS.secretAccessKey);
});

test('without an answer the prices of lib/cost stand, with the reason and what to do', async () => {
  const refused = { __type: 'com.amazon#AccessDeniedException', Message: 'not allowed to perform pricing:GetProducts' };
  const { getProducts } = await api(() => [400, refused]);
  const { prices, remark } = await askPrices(config, resources(), DEFAULT_USAGE, getProducts);
  expect(prices).toBeUndefined();
  expect(remark).toMatch(
    /^production: the Price List API did not answer: .*; ask for the permission pricing:GetProducts/,
  );
  expect(remark).toContain('These are the prices of lib/cost, looked up on 2026-11-23');
  const elsewhere = askPrices({ ...config, region: 'ap-south-1' }, resources(), DEFAULT_USAGE, getProducts);
  await expect(elsewhere).rejects.toThrow(/did not answer: .* lib\/cost has no prices of ap-south-1/);
});

/** An address where nobody listens any more. */
async function nobody() {
  const address = await listen(() => undefined);
  closeServers();
  return connectPriceList({ address, credentials: CREDENTIALS });
}

test.each([
  ['nobody listens', nobody, 'AWS cannot be reached'],
  ['the answer has no reason', async () => (await api(() => [503, {}])).getProducts, 'the Price List API answered 503'],
])('where %s, that is a sentence', async (_, connect, sentence) => {
  const getProducts = await connect();
  await expect(getProducts('AmazonRDS', 'us-east-1', {})).rejects.toThrow(sentence);
});
