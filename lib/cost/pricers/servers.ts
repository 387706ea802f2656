import { vcpusOf } from '../../config/aws/instance-classes';
import { type CostLine, HOURS_PER_MONTH } from '../cost-line';
import type { Resource } from '../resources';
import type { Pricer, Pricing } from './pricer';

/** From this size on gp3 includes more IOPS and throughput (RDS User Guide, "gp3 storage"). GiB. */
const LARGE_GIB = 400;
const INCLUDED = { small: { iops: 3000, mbps: 125 }, large: { iops: 12_000, mbps: 500 } };
/** The fewest virtual CPUs that a proxy is charged for; unconfirmed. */
const LEAST_PROXY_VCPUS = 2;

/** A DB instance: class, storage and what gp3 does not include. A replica has its source's storage. */
export const DB_INSTANCE: Pricer = {
  group: 'servers',
  lines: ({ properties }, pricing) => {
    const { line, usage, config } = pricing;
    const instanceClass = String(properties['DBInstanceClass']).replace(/^db\./, '');
    const multiAz = properties['MultiAZ'] === true;
    const gib = Number(properties['AllocatedStorage'] ?? config.database.allocatedStorageGiB);
    const suffix = multiAz ? 'MultiAz' : '';
    const included = gib < LARGE_GIB ? INCLUDED.small : INCLUDED.large;
    const beyond = (property: string, free: number) => Math.max(0, Number(properties[property] ?? free) - free);
    const [iops, mbps] = [beyond('Iops', included.iops), beyond('StorageThroughput', included.mbps)];
    return [
      ...instanceHours(instanceClass, multiAz, pricing),
      line(`storage, gp3${multiAz ? ', two copies' : ''}`, gib, 'GB', `rds/gp3GbMonth${suffix}`),
      ...(iops > 0 ? [line('IOPS beyond gp3’s own', iops, 'IOPS', `rds/gp3IopsMonth${suffix}`)] : []),
      ...(mbps > 0 ? [line('throughput beyond gp3’s own', mbps, 'MB/s', `rds/gp3MbpsMonth${suffix}`)] : []),
      // A replica does not state the mode of its primary; that it has it is unconfirmed.
      ...(config.database.databaseInsights === 'advanced'
        ? [
            line(
              'Database Insights, advanced',
              vcpusOf(instanceClass) * HOURS_PER_MONTH,
              'vCPU-hours',
              'rds/insightsAdvancedVcpuHour',
            ),
          ]
        : []),
      ...(Number(properties['MonitoringInterval'] ?? 0) > 0
        ? [
            line(
              'Enhanced Monitoring',
              usage.enhancedMonitoringGb,
              'GB',
              'cloudwatch/logsIngestGb',
              'enhancedMonitoringGb',
            ),
          ]
        : []),
    ];
  },
};

/** Multi-AZ has a price of its own. Where nobody looked it up it is taken as twice the other one, which is near (unconfirmed). */
function instanceHours(instanceClass: string, multiAz: boolean, { line, prices }: Pricing): CostLine[] {
  const name = `instance, ${instanceClass}${multiAz ? ', Multi-AZ' : ''}`;
  const single = `rds/instanceHour/${instanceClass}`;
  if (!multiAz) return [line(name, HOURS_PER_MONTH, 'hours', single)];
  const path = `rds/instanceHourMultiAz/${instanceClass}`;
  if (prices.has(path)) return [line(name, HOURS_PER_MONTH, 'hours', path)];
  return [{ ...line(`${name}, as two`, 2 * HOURS_PER_MONTH, 'hours', single), unconfirmed: true }];
}

/** RDS Proxy: the virtual CPUs of the server behind it. */
export const DB_PROXY: Pricer = {
  group: 'proxy',
  lines: (_, { line, config }) => [
    line(
      'proxy',
      Math.max(LEAST_PROXY_VCPUS, vcpusOf(config.database.instanceClass)) * HOURS_PER_MONTH,
      'vCPU-hours',
      'rds/proxyVcpuHour',
    ),
  ],
};

/** Whether a resource is a server that is nobody's replica: replicas have its lifecycle and mode of Database Insights (RDS API Reference). */
export function isPrimary({ type, properties }: Resource): boolean {
  return type === 'AWS::RDS::DBInstance' && !('SourceDBInstanceIdentifier' in properties);
}
