/** A product of AWS's price list. */
export interface Product {
  /** The code of its service, such as `AmazonRDS`. */
  readonly service: string;
  /** Its usage type without the prefix of the region; several where regions differ. */
  readonly usageTypes: readonly string[];
  /** Attributes that tell it from products with the same usage type. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const POSTGRES = { databaseEngine: 'PostgreSQL' };
const rds = (usageType: string): Product => ({ service: 'AmazonRDS', usageTypes: [usageType], attributes: POSTGRES });
const of = (service: string, ...usageTypes: string[]): Product => ({ service, usageTypes });

/**
 * The products of the prices of lib/cost, by the path of the price; `*` stands for a class or node type. Their units are those of lib/cost:
 * hours, GB-months, single requests. Usage types and attributes: those that public tools read the price list by, on 2026-10-01; nobody here asked AWS.
 * What is missing here stays at the price of the file, or without one.
 */
const PRODUCTS: Readonly<Record<string, (name: string) => Product>> = {
  'rds/instanceHour/*': (name) => rds(`InstanceUsage:db.${name}`),
  'rds/instanceHourMultiAz/*': (name) => rds(`Multi-AZUsage:db.${name}`),
  'rds/gp3GbMonth': () => rds('RDS:GP3-Storage'),
  'rds/gp3GbMonthMultiAz': () => rds('RDS:Multi-AZ-GP3-Storage'),
  'rds/backupGbMonth': () => of('AmazonRDS', 'RDS:ChargedBackupUsage'),
  'elastiCache/valkeyNodeHour/*': (name) => ({
    ...of('AmazonElastiCache', `NodeUsage:cache.${name}`),
    attributes: { cacheEngine: 'Valkey' },
  }),
  'kms/keyMonth': () => of('awskms', 'KMS-Keys'),
  'kms/request': () => of('awskms', 'KMS-Requests'),
  'secretsManager/secretMonth': () => of('AWSSecretsManager', 'AWSSecretsManager-Secrets', 'AWSSecretsManager-Secret'),
  'secretsManager/call': () => of('AWSSecretsManager', 'AWSSecretsManagerAPIRequest', 'AWSSecretsManager-APIRequests'),
  'cloudwatch/alarmMetric': () => of('AmazonCloudWatch', 'CW:AlarmMonitorUsage'),
  'cloudwatch/compositeAlarm': () => of('AmazonCloudWatch', 'CW:CompositeAlarmMonitorUsage'),
  'cloudwatch/metric/0/each': () => of('AmazonCloudWatch', 'CW:MetricMonitorUsage'),
  'cloudwatch/logsIngestGb': () => of('AmazonCloudWatch', 'DataProcessing-Bytes'),
  'cloudwatch/logsStoreGbMonth': () => of('AmazonCloudWatch', 'TimedStorage-ByteHrs'),
  'stepFunctions/transition': () => of('AmazonStates', 'StateTransition'),
  'sqs/request': () => of('AWSQueueService', 'Requests-RBP', 'Requests-Tier1'),
  's3/gbMonth': () => of('AmazonS3', 'TimedStorage-ByteHrs'),
  'vpc/endpointHour': () => of('AmazonVPC', 'VpcEndpoint-Hours'),
  'vpc/endpointGb': () => of('AmazonVPC', 'VpcEndpoint-Bytes'),
  'vpc/publicIpHour': () => of('AmazonVPC', 'PublicIPv4:InUseAddress'),
};

/** The product whose price stands at a path of the price list; undefined where it is not known. */
export function productOf(path: string): Product | undefined {
  const cut = path.lastIndexOf('/');
  const name = path.slice(cut + 1);
  const make = PRODUCTS[path] ?? PRODUCTS[`${path.slice(0, cut)}/*`];
  return make?.(name);
}

/** Whether a usage type of the price list is that of a product: bare in us-east-1, else after a prefix such as `EUC1-` or `eu-central-1-`. */
export function isUsageOf({ usageTypes }: Product, found: string, region: string): boolean {
  return usageTypes.some((usageType) => {
    const prefix = found.endsWith(usageType) ? found.slice(0, -usageType.length) : undefined;
    return prefix !== undefined && (/^([A-Z]{2,4}\d?-)?$/.test(prefix) || prefix === `${region}-`);
  });
}
