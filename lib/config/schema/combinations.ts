import type { z } from 'zod';
import { valueAt } from '../../shared/faults';
import { BACKUP_COMBINATIONS } from './backup-combinations';
import type { Combination } from './combination';
import { BACKUP_HOURS } from '../derived/backup-rules';
import type { EnvironmentConfig } from './environment';
import { OPT_OUT } from './fields';
import { SERVER_COMBINATIONS } from './server-combinations';
import { parseWeeklyWindow, touchesDaily } from '../derived/weekly-window';

/** Below this size gp3 has fixed IOPS, and growing beyond it migrates the volume for hours (RDS User Guide, "gp3 storage"). */
const GP3_STRIPING_GIB = 400;
/** With a lower ceiling RDS sends RDS-EVENT-0225 (RDS User Guide, "storage autoscaling"). */
const AUTOSCALING_HEADROOM = 1.26;

const COMBINATIONS: readonly Combination[] = [
  {
    reads: ['database.backupRetentionDays', 'replicas'],
    refuses: ({ database, replicas }) =>
      replicas.length > 0 && database.backupRetentionDays === 0
        ? 'at least 1 with replicas, because RDS makes a replica from a backup of its primary'
        : undefined,
  },
  {
    reads: ['drills', 'database.backupRetentionDays'],
    refuses: ({ database, drills }) =>
      database.backupRetentionDays === 0 && drills
        ? '{ enabled: false, reason: "a sentence" } without backups, because there is nothing to restore'
        : undefined,
  },
  {
    reads: ['secretRotationDays', 'proxy'],
    refuses: ({ proxy, secretRotationDays }) =>
      proxy && !secretRotationDays.enabled
        ? 'a number of days with a proxy, because the proxy keeps the application’s password'
        : undefined,
  },
  {
    reads: ['database.iops', 'database.allocatedStorageGiB'],
    refuses: ({ database }) =>
      database.iops !== undefined && database.allocatedStorageGiB < GP3_STRIPING_GIB
        ? `nothing under ${GP3_STRIPING_GIB} GiB of storage, where gp3 has fixed IOPS`
        : undefined,
  },
  {
    reads: ['database.throughputMiBps', 'database.allocatedStorageGiB'],
    refuses: ({ database }) =>
      database.throughputMiBps !== undefined && database.allocatedStorageGiB < GP3_STRIPING_GIB
        ? `nothing under ${GP3_STRIPING_GIB} GiB of storage, where gp3 has a fixed throughput`
        : undefined,
  },
  {
    reads: ['database.throughputMiBps', 'database.iops'],
    refuses: ({ database }) =>
      database.throughputMiBps !== undefined && database.throughputMiBps > (database.iops ?? 12000) / 4
        ? 'at most a quarter of the IOPS'
        : undefined,
  },
  {
    reads: ['database.maintenanceWindow'],
    refuses: ({ database }) => {
      const window = parseWeeklyWindow(database.maintenanceWindow);
      return window && touchesDaily(window, BACKUP_HOURS.start, BACKUP_HOURS.end)
        ? 'a window outside 02:00-04:00 UTC, when the daily backup runs'
        : undefined;
    },
  },
  {
    reads: ['database.maxAllocatedStorageGiB', 'database.allocatedStorageGiB'],
    refuses: ({ database }) => ceilingFault(database.maxAllocatedStorageGiB, database.allocatedStorageGiB),
  },
  {
    reads: ['replicas', 'database.allocatedStorageGiB'],
    refuses: ({ database, replicas }) =>
      first(replicas, ({ maxAllocatedStorageGiB }, i) => {
        const fault = maxAllocatedStorageGiB && ceilingFault(maxAllocatedStorageGiB, database.allocatedStorageGiB);
        return fault ? `for maxAllocatedStorageGiB of replica ${i + 1}: ${fault}` : undefined;
      }),
  },
  {
    reads: ['replicas', 'database.engineVersion'],
    refuses: ({ database, replicas }) =>
      first(replicas, ({ engineVersion = database.engineVersion }, i) =>
        minorOf(engineVersion) < minorOf(database.engineVersion)
          ? `for engineVersion of replica ${i + 1}: ${database.engineVersion}, the primary’s, or newer`
          : undefined,
      ),
  },
  {
    reads: ['replicas', 'network.availabilityZones'],
    refuses: ({ replicas, network }) =>
      first(replicas, ({ availabilityZone: zone }, i) => {
        if (!network.availabilityZones.includes(zone)) {
          return `for availabilityZone of replica ${i + 1}: a zone of the network (${network.availabilityZones.join(', ')})`;
        }
        return replicas.findIndex((other) => other.availabilityZone === zone) < i
          ? `for availabilityZone of replica ${i + 1}: a zone that no other replica is in`
          : undefined;
      }),
  },
  {
    reads: ['network.availabilityZones', 'region'],
    refuses: ({ network, region }) =>
      network.availabilityZones.every((zone, i, all) => zone.startsWith(region) && all.indexOf(zone) === i)
        ? undefined
        : `different zones of ${region}`,
  },
  {
    reads: ['network.natGateways', 'network.publicSubnets'],
    refuses: ({ network }) =>
      network.kind === 'create' && network.natGateways > 0 && !network.publicSubnets
        ? '0 without public subnets, where NAT gateways live'
        : undefined,
  },
  {
    reads: ['network.endpointZones', 'network.natGateways', 'network.availabilityZones'],
    refuses: ({ network }) => {
      if (network.endpointZones > network.availabilityZones.length) return 'at most the number of availability zones';
      return network.kind === 'create' && network.endpointZones === 0 && network.natGateways === 0
        ? 'at least 1 without NAT gateways, or the functions reach neither Secrets Manager nor CloudWatch'
        : undefined;
    },
  },
  {
    reads: ['network.applicationSubnetIds', 'network.databaseSubnetIds', 'network.availabilityZones'],
    refuses: ({ network }) =>
      network.kind === 'import' &&
      [network.applicationSubnetIds, network.databaseSubnetIds].some(
        (ids) => ids.length !== network.availabilityZones.length || new Set(ids).size !== ids.length,
      )
        ? 'one application and one database subnet a zone, all different'
        : undefined,
  },
  {
    reads: ['proxy.maxIdleConnectionsPercent', 'proxy.maxConnectionsPercent'],
    refuses: ({ proxy }) =>
      proxy && proxy.maxIdleConnectionsPercent > proxy.maxConnectionsPercent
        ? 'at most maxConnectionsPercent'
        : undefined,
  },
  {
    reads: ['recovery.approvals', 'recovery.approvers'],
    refuses: ({ recovery }) =>
      recovery.approvals > Math.max(1, recovery.approvers.length)
        ? 'at most the number of approvers; without any, the approver role is the only one'
        : undefined,
  },
  {
    reads: ['accountId', 'ownAccount', 'database.deletionProtection'],
    refuses: ({ accountId, ownAccount, database: { deletionProtection } }) =>
      deletionProtection.enabled && ownAccount.enabled && accountId === undefined
        ? `the account of this environment alone, or ownAccount: ${OPT_OUT} for one that it shares`
        : undefined,
  },
  {
    reads: ['recovery.approverPrincipals', 'recovery.approvers'],
    refuses: ({ recovery: { approvers, approverPrincipals } }) =>
      approvers.length > 0 && approverPrincipals.length > 0
        ? 'none with recovery.approvers, because then there is no role to assume'
        : undefined,
  },
  {
    reads: ['recovery.operatorPrincipals', 'recovery.approverPrincipals', 'recovery.approvers'],
    refuses: ({ recovery: { approvers, approverPrincipals, operatorPrincipals } }) => {
      const approving = [...approvers, ...approverPrincipals].map((each) => each.toLowerCase());
      const both = operatorPrincipals.find((each) => approving.includes(each.toLowerCase()));
      return both && `nobody who may approve, so that nobody approves what they started; ${both} may`;
    },
  },
  ...SERVER_COMBINATIONS,
  ...BACKUP_COMBINATIONS,
];

/** Adds a fault for every combination of fields that AWS refuses, or that is known to fail later. */
export function checkCombinations(config: EnvironmentConfig, context: z.RefinementCtx<EnvironmentConfig>): void {
  const faulty = context.issues
    .filter((issue) => issue.code !== 'unrecognized_keys')
    .map((issue) => placeOf(issue).join('.'));
  // After a fault, fields of `config` may be missing: a rule is skipped until the fields that it reads are valid.
  const readable = (field: string) =>
    faulty.every((path) => path !== '' && !`${field}.`.startsWith(`${path}.`) && !`${path}.`.startsWith(`${field}.`));
  for (const { reads, refuses } of COMBINATIONS) {
    if (!reads.every(readable)) continue;
    const message = refuses(config);
    const path = reads[0].split('.');
    if (message) context.addIssue({ code: 'custom', path, message, input: valueAt(config, path) });
  }
}

/** What may be anything after a fault: its field, or all fields of a choice that it leaves open. */
function placeOf(issue: z.core.$ZodRawIssue): PropertyKey[] {
  const path = issue.path ?? [];
  return issue.code === 'invalid_union' && 'discriminator' in issue ? path.slice(0, -1) : path;
}

function ceilingFault(ceilingGiB: number, storageGiB: number): string | undefined {
  const least = Math.ceil(storageGiB * AUTOSCALING_HEADROOM);
  if (ceilingGiB < least) return `at least ${least}, 126 % of the storage`;
  return storageGiB < GP3_STRIPING_GIB && ceilingGiB >= GP3_STRIPING_GIB
    ? `under ${GP3_STRIPING_GIB}, because growing past it moves the volume for hours and must be a person’s decision`
    : undefined;
}

function minorOf(engineVersion: string): number {
  return Number(engineVersion.split('.')[1]);
}

function first<T, R>(items: readonly T[], check: (item: T, index: number) => R | undefined): R | undefined {
  return items.map(check).find((result) => result !== undefined);
}
