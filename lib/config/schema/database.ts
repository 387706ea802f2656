import { z } from 'zod';
import { RESERVED_DATABASE_NAMES } from '../aws/reserved-words';
import { parseWeeklyWindow } from '../derived/weekly-window';
import { availabilityZone, instanceClass, OPT_OUT, optOut, sentence } from './fields';

/** Intervals that Enhanced Monitoring offers; 0 switches it off (RDS User Guide, "Enhanced Monitoring"). */
const ENHANCED_MONITORING_SECONDS = [0, 1, 5, 10, 15, 30, 60] as const;

const engineVersion = z.string().regex(/^15\.\d+$/, 'a minor version of PostgreSQL 15, such as "15.18"');
const weeklyWindow = z.string().refine((text) => parseWeeklyWindow(text) !== undefined, {
  error: 'a UTC window such as "sun:04:00-sun:05:00", at least 30 minutes long',
});

const milliseconds = z.int().min(1).max(2147483647);

/** What else the servers log, and why. */
const diagnosticLogSchema = z
  .strictObject({
    /** Why, and until when. */
    reason: sentence,
    /** Statements that take longer, ms, with the literals in their text; bound values are left out. A slow ALTER ROLE … PASSWORD too. */
    slowStatementsMs: milliseconds.optional(),
    /** Plans of statements that take longer, ms (auto_explain). They show bound values as constants. */
    slowPlansMs: milliseconds.optional(),
    /** Errors and warnings, whose messages quote malformed values. Default false. */
    errors: z.boolean().default(false),
  })
  .refine(({ slowStatementsMs, slowPlansMs, errors }) => slowStatementsMs || slowPlansMs || errors, {
    error: 'at least one of slowStatementsMs, slowPlansMs and errors',
  });

/** The primary, and what its replicas share with it. */
export const databaseSchema = z.strictObject({
  /**
   * Minor version of the primary, pinned; a new replica inherits it. RDS refuses to raise it before the replicas are upgraded, and
   * CloudFormation begins with the primary: deploy `replicas[].engineVersion` first (lib/runbooks/PostgreSQLEngineSupportEnding.md).
   * Default 15.18: newer than the list of aws-cdk-lib, which ends with 15.17; listed by cfn-lint in August 2026. RDS has announced 15.19
   * in that month (What's New, "Amazon RDS for PostgreSQL supports minor versions 18.6, 17.11, 16.15, 15.19, and 14.24").
   */
  engineVersion: engineVersion.default('15.18'),
  /** Class of the primary, without the "db." prefix. */
  instanceClass,
  /** A synchronous standby in another zone. */
  multiAz: z.boolean(),
  /** Storage (gp3) at creation, GiB; RDS offers 20 to 65,536, of which the ceiling needs 26 % more. */
  allocatedStorageGiB: z.int().min(20).max(52012),
  /** Ceiling of storage autoscaling, GiB. */
  maxAllocatedStorageGiB: z.int().min(20).max(65536),
  /** Provisioned IOPS. Default: what gp3 includes, 3,000, from 400 GiB on 12,000. */
  iops: z.int().min(12000).max(64000).optional(),
  /** Provisioned throughput, MiB/s. Default: what gp3 includes, 125, from 400 GiB on 500. */
  throughputMiBps: z.int().min(500).max(4000).optional(),
  /** Database of the application. Default whatsapp_saas; changing it replaces the instance. */
  databaseName: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, { error: 'a PostgreSQL name in lower case', abort: true })
    .refine((name) => !RESERVED_DATABASE_NAMES.includes(name), 'a name that neither RDS nor PostgreSQL reserves')
    .default('whatsapp_saas'),
  /** Server connections of the primary and of each replica (max_connections), as far as the memory of all classes goes. Default 200. */
  maxConnections: z.int().min(50).max(5000).default(200),
  /** Days of point-in-time recovery, in RDS and in the continuous rule of AWS Backup. 0 switches backups off. */
  backupRetentionDays: z.int().min(0).max(35),
  /** When RDS may restart the servers, UTC. Default sun:04:00-sun:05:00. */
  maintenanceWindow: weeklyWindow.default('sun:04:00-sun:05:00'),
  /** Whether the database is protected against deletion. Written `true` or an opt-out. Default true. */
  deletionProtection: z
    .union([z.literal(true), optOut], { error: `true, or ${OPT_OUT}` })
    .default(true)
    .transform((value) => (value === true ? ({ enabled: true } as const) : value)),
  /** Database Insights: standard keeps 7 days and is free, advanced 15 months for $9.13 per vCPU and month. Default standard. */
  databaseInsights: z.enum(['standard', 'advanced']).default('standard'),
  /** Interval of Enhanced Monitoring, seconds. Default 60. */
  enhancedMonitoringSeconds: z.literal(ENHANCED_MONITORING_SECONDS).default(60),
  /**
   * What the servers' log contains besides log-ins, audit, lock waits and maintenance, for the time of an investigation. Each of it may
   * contain customers' data. Default: nothing.
   */
  diagnosticLog: diagnosticLogSchema.optional(),
  /** RDS Extended Support after 2028-02-29, billed per vCPU; without it RDS upgrades the major version then. Default false. */
  extendedSupport: z.boolean().default(false),
});

/** A read replica. */
export const replicaSchema = z.strictObject({
  /**
   * Minor version while the replicas are upgraded before the primary: the primary's or newer (API reference, ModifyDBInstance).
   * CloudFormation does not send it when it creates a replica (sources of its RDS handler). Default: not stated, the replica keeps its own.
   */
  engineVersion: engineVersion.optional(),
  /** Zone of this replica. */
  availabilityZone,
  /** Default: the primary's class. */
  instanceClass: instanceClass.optional(),
  /** Ceiling of this replica's storage autoscaling, GiB. Default: the primary's. */
  maxAllocatedStorageGiB: z.int().min(20).max(65536).optional(),
});

/** RDS Proxy in front of the primary. */
export const proxySchema = z.strictObject({
  /** Share of max_connections that the proxy may open. Default 50. */
  maxConnectionsPercent: z.int().min(1).max(100).default(50),
  /** Share of max_connections that the proxy keeps open while idle. Default 5. */
  maxIdleConnectionsPercent: z.int().min(0).max(100).default(5),
  /** How long a client waits for a connection, seconds; the RDS API allows 300 at most. Default 120. */
  borrowTimeoutSeconds: z.int().min(0).max(300).default(120),
  /** How long an idle client stays connected, seconds. Default 1800. */
  idleClientTimeoutSeconds: z.int().min(1).max(28800).default(1800),
});

/** Rotation of the master and the application secret. Written as the number of days between rotations, or an opt-out. */
export const secretRotationSchema = z
  .union([z.int().min(1).max(1000), optOut], { error: `1 to 1000, or ${OPT_OUT}` })
  .transform((value) => (typeof value === 'number' ? ({ enabled: true, days: value } as const) : value));
