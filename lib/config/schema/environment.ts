import { z } from 'zod';
import { SEVERITIES } from '../../shared/severities';
import { parseDuration } from '../../shared/duration';
import { backupsSchema } from './backups';
import { checkCombinations } from './combinations';
import { instanceClass, region } from './fields';
import { notificationsSchema } from './notifications';
import { recoverySchema } from './recovery';
import { parseWeeklyWindow } from '../weekly-window';

/** Days for which CloudWatch Logs can keep a log group (the API refuses any other number). */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const; // prettier-ignore

/** Intervals that Enhanced Monitoring offers; 0 switches it off (RDS User Guide, "Enhanced Monitoring"). */
const ENHANCED_MONITORING_SECONDS = [0, 1, 5, 10, 15, 30, 60] as const;

const availabilityZone = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'an availability zone such as "us-east-1a"');
const cidr = z.string().regex(/^(\d{1,3}\.){3}\d{1,3}\/(1[6-9]|2[0-4])$/, 'an IPv4 CIDR from /16 to /24');
const weeklyWindow = z
  .string()
  .refine((text) => parseWeeklyWindow(text) !== undefined, 'a UTC window such as "sun:04:00-sun:05:00", at least 30 minutes long'); // prettier-ignore

/** Something that production keeps on; switching it off takes a reason that a reviewer can read. */
const optOut = z.strictObject({ enabled: z.literal(false), reason: z.string().min(10) });
const OPT_OUT = '{ enabled: false, reason: "a sentence" }';

const zones = z.array(availabilityZone).min(2).max(3);
const endpointZones = z.int().min(0).max(3).default(2);

const createdNetwork = z.strictObject({
  kind: z.literal('create'),
  /** Address range of the VPC. Default 10.0.0.0/16. */
  cidr: cidr.default('10.0.0.0/16'),
  /** Zones of the subnets, two or three, named so that a synthesis needs no look-up. */
  availabilityZones: zones,
  /** Public subnets, for a load balancer or NAT gateways. Default none: a database needs no way to the internet. */
  publicSubnets: z.boolean().default(false),
  /** NAT gateways, each about $33 a month. Default 0: private functions use interface endpoints. */
  natGateways: z.int().min(0).max(3).default(0),
  /** Zones with interface endpoints, each $7.30 a month per service; the others reach them across zones. Default 2. */
  endpointZones,
});

const importedNetwork = z.strictObject({
  kind: z.literal('import'),
  vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, 'a VPC id such as "vpc-0123456789abcdef0"'),
  /** Address range of the VPC. */
  cidr,
  /** Zones of the subnets below, in the same order. */
  availabilityZones: zones,
  /** Private subnets for functions, one a zone. */
  applicationSubnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id'))
    .min(2)
    .max(3),
  /** Private subnets for the database and its proxy, one a zone. */
  databaseSubnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id'))
    .min(2)
    .max(3),
  /** As above; 0 where the VPC already reaches Secrets Manager and CloudWatch by itself. Default 2. */
  endpointZones,
});

const database = z.strictObject({
  /** Minor version, pinned: replicas are upgraded before the primary, by a person. Default 15.17, the newest in aws-cdk-lib. */
  engineVersion: z
    .string()
    .regex(/^15\.\d+$/, 'a minor version of PostgreSQL 15, such as "15.17"')
    .default('15.17'),
  /** Class of the primary, without the "db." prefix. */
  instanceClass,
  /** A synchronous standby in another zone. */
  multiAz: z.boolean(),
  /** Storage (gp3) at creation, GiB; 20 is the least that RDS offers. */
  allocatedStorageGiB: z.int().min(20).max(65536),
  /** Ceiling of storage autoscaling, GiB. */
  maxAllocatedStorageGiB: z.int().min(20).max(65536),
  /** Provisioned IOPS. Default: the 3,000 (from 400 GiB 12,000) that gp3 brings. */
  iops: z.int().min(12000).max(64000).optional(),
  /** Provisioned throughput, MiB/s. Default: the 125 (from 400 GiB 500) that gp3 brings. */
  throughputMiBps: z.int().min(500).max(4000).optional(),
  /** Database of the application. Default whatsapp_saas; changing it replaces the instance. */
  databaseName: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'a PostgreSQL name')
    .default('whatsapp_saas'),
  /** Server connections of the primary and of each replica (max_connections). Default 200. */
  maxConnections: z.int().min(50).max(5000).default(200),
  /** Days of point-in-time recovery, on RDS and in AWS Backup's continuous rule alike. 0 switches backups off. */
  backupRetentionDays: z.int().min(0).max(35),
  /** When RDS may restart the servers, UTC. Default sun:04:00-sun:05:00. */
  maintenanceWindow: weeklyWindow.default('sun:04:00-sun:05:00'),
  /** Default true. */
  deletionProtection: z.union([z.literal(true), optOut], { error: `true, or ${OPT_OUT}` }).default(true),
  /** Database Insights: standard keeps 7 days and is free, advanced 15 months for $9.13 a vCPU and month. Default standard. */
  databaseInsights: z.enum(['standard', 'advanced']).default('standard'),
  /** Interval of Enhanced Monitoring, seconds. Default 60. */
  enhancedMonitoringSeconds: z.literal(ENHANCED_MONITORING_SECONDS).default(60),
  /** RDS Extended Support after 2028-02-29, billed by vCPU; without it RDS upgrades the major version then. Default false. */
  extendedSupport: z.boolean().default(false),
});

const replica = z.strictObject({
  /** Zone of this replica. */
  availabilityZone,
  /** Default: the primary's class. */
  instanceClass: instanceClass.optional(),
  /** Ceiling of this replica's storage autoscaling, GiB. Default: the primary's. */
  maxAllocatedStorageGiB: z.int().min(20).max(65536).optional(),
});

const proxy = z.strictObject({
  /** Share of max_connections that the proxy may open. Default 50. */
  maxConnectionsPercent: z.int().min(1).max(100).default(50),
  /** Share of max_connections that the proxy keeps open while idle. Default 5. */
  maxIdleConnectionsPercent: z.int().min(0).max(100).default(5),
  /** How long a client waits for a connection, seconds; the RDS API allows 300 at most. Default 120. */
  borrowTimeoutSeconds: z.int().min(0).max(300).default(120),
  /** How long an idle client stays connected, seconds. Default 1800. */
  idleClientTimeoutSeconds: z.int().min(1).max(28800).default(1800),
});

const drills = z.strictObject({
  /** Class of the instances that the weekly and the monthly drill restore. Default: the primary's, which the quarterly one always takes. */
  instanceClass: instanceClass.optional(),
  /**
   * Table that the monthly and the quarterly drill recover beside the live one; a drill in the recovery region (with
   * backups.crossRegionPointInTime) recovers none. Default bookings.
   */
  table: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,49}$/, 'the name of a table in lower case')
    .default('bookings'),
  /** How long a restore may take before the drill fails, minutes. Default 180. */
  restoreTimeoutMinutes: z.int().min(30).max(240).default(180),
});

const alertOverride = z.strictObject({
  /** In place of the number that the alert compares with. */
  threshold: z.number().optional(),
  /** In place of its `for`. */
  for: z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'a duration such as 30s, 5m or 1h30m')
    .optional(),
  severity: z.enum(SEVERITIES).optional(),
  /** Only to switch the alert off. */
  enabled: z.union([optOut, z.never()], { error: OPT_OUT }).optional(),
});

/** One environment: everything in which dev, staging and production may differ, and nothing else. */
export const environmentSchema = z
  .strictObject({
    /** Also the CDK Stage's id, hence the first part of every stack's name. */
    name: z.enum(['dev', 'staging', 'production']),
    /** Account to deploy to. Default: the one of the credentials that the CDK CLI runs with. */
    accountId: z
      .string()
      .regex(/^\d{12}$/, 'an AWS account id of 12 digits')
      .optional(),
    /** Region to deploy to. */
    region,
    network: z.discriminatedUnion('kind', [createdNetwork, importedNetwork], {
      error: 'an object whose kind is "create" or "import"',
    }),
    database,
    /** Snapshots by AWS Backup, their copies and their protection. */
    backups: backupsSchema.prefault({}),
    /** Read replicas, each in a zone of its own. Default none. */
    replicas: z.array(replica).max(15).default([]),
    /** RDS Proxy before the primary. Default none: applications then connect to the primary itself. */
    proxy: proxy.optional(),
    /** Restore drills: weekly, monthly and quarterly. Default: on. They need backups. */
    drills: z.union([drills, optOut], { error: `settings of the drills, or ${OPT_OUT}` }).prefault({}),
    /** Days between rotations of the master and the application secret. */
    secretRotationDays: z.union([z.int().min(1).max(1000), optOut], { error: `1 to 1000, or ${OPT_OUT}` }),
    /** Days that logs are kept: of PostgreSQL, the proxy, the functions and the VPC's flows. */
    logRetentionDays: z.literal(LOG_RETENTION_DAYS),
    dns: z.strictObject({
      /** Private hosted zone; tools find the replicas at reader.<zoneName>. */
      zoneName: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a domain name in lower case'),
    }),
    notifications: notificationsSchema,
    recovery: recoverySchema,
    alerts: z
      .strictObject({
        /** What is otherwise here than in lib/monitoring/alerts.yml, by the alert's name; a name without an alert fails the synthesis. */
        overrides: z.record(z.string().min(1), alertOverride).default({}),
      })
      .prefault({}),
    /** Tags of every resource, besides Application and Environment. Default none. */
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
  })
  // Runs although the shape has faults elsewhere, so that a person sees all faults at once.
  .superRefine(checkCombinations, { when: () => true });

/** A checked environment, with all defaults filled in. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;
/** An environment as a person writes it. */
export type EnvironmentInput = z.input<typeof environmentSchema>;
/** The names of the three environments. */
export type EnvironmentName = EnvironmentConfig['name'];
