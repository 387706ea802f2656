import { z } from 'zod';
import { accessSchema } from './people/access';
import { alertsSchema } from './alerts';
import { allowedChangesSchema } from './changes/allowed-changes';
import { backupsSchema } from './backups';
import { cacheSchema } from './cache/cache';
import { databaseSchema, proxySchema, replicaSchema, secretRotationSchema } from './database';
import { deliverySchema } from './delivery/delivery';
import { drillsSchema } from './drills';
import { OPT_OUT, optOut, region } from './fields';
import { importSchema } from './import/import';
import { networkSchema } from './network';
import { budgetSchema, notificationsSchema } from './notifications';
import { recoverySchema } from './recovery';
import { tagsSchema } from './tags';

/** Days for which CloudWatch Logs can keep a log group (the API refuses any other number). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** One environment: every setting in which environments may differ, and nothing else. combinations.ts checks what depends on several. */
export const environmentSchema = z.strictObject({
  /**
   * From lib/config/environments.ts. Also the id of the CDK Stage, so the first part of every stack's name, of alarm names and of
   * SSM parameters. No hyphen: AWS Backup refuses it in the names of frameworks and of restore testing plans.
   */
  name: z.string().regex(/^[a-z][a-z0-9]{1,19}$/, '2 to 20 lower-case letters and digits, such as "staging"'),
  /** Account to deploy to. Default: the one of the credentials that the CDK CLI runs with. */
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'an AWS account id of 12 digits')
    .optional(),
  /**
   * Managed policy of the account that limits every role of the environment, by name or ARN. Default none. AWS's application that rotates
   * secrets makes its roles itself, without a boundary.
   */
  permissionsBoundary: z
    .string()
    .regex(
      /^(arn:aws:iam::(\d{12}|aws):policy\/)?([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
      'the name or ARN of a managed policy, such as "developer-boundary"',
    )
    .optional(),
  /**
   * Whether the account has no other environment. Written `true` or an opt-out. Default true; where the database is protected against
   * deletion, that needs `accountId`. In a shared
   * account only the network keeps the drills' functions of another environment from this one's servers: IAM cannot, because the id of
   * a restored server is not known before (lib/constructs/README.md).
   */
  ownAccount: z
    .union([z.literal(true), optOut], { error: `true, or ${OPT_OUT}` })
    .default(true)
    .transform((value) => (value === true ? ({ enabled: true } as const) : value)),
  /** Region to deploy to. */
  region,
  network: networkSchema,
  database: databaseSchema,
  /** Snapshots by AWS Backup, their copies and their protection. */
  backups: backupsSchema.prefault({}),
  /** Read replicas, each in a different zone. Default none. */
  replicas: z.array(replicaSchema).max(15).default([]),
  /** RDS Proxy in front of the primary. Default none: applications then connect to the primary. */
  proxy: proxySchema.optional(),
  /** The application's cache, in the same network. Default none. */
  cache: cacheSchema.optional(),
  /** A database that moves in. Default none. */
  import: importSchema.optional(),
  /** Restore drills: weekly, monthly and quarterly. Default: on. They need backups. */
  drills: drillsSchema,
  /** Days between rotations of the master and the application secret. */
  secretRotationDays: secretRotationSchema,
  /** Days that logs are kept: of PostgreSQL, the proxy, the cache, the functions and the VPC's flow logs. */
  logRetentionDays: z.literal(LOG_RETENTION_DAYS),
  dns: z.strictObject({
    /** Private hosted zone; tools find the replicas at reader.<zoneName>. */
    zoneName: z
      .string()
      .regex(
        /^(?=.{1,200}$)(?!(.*\.)?amazonaws\.com$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
        'a domain name in lower case, of 200 characters at most, that is not AWS’s own',
      ),
  }),
  notifications: notificationsSchema,
  recovery: recoverySchema,
  /** People's access to the servers. Default none. */
  access: accessSchema.optional(),
  /** Deployments by GitHub Actions. Default none: a person deploys. */
  delivery: deliverySchema.optional(),
  alerts: alertsSchema,
  /** What it may cost. Default none: nobody is warned. */
  budget: budgetSchema.optional(),
  allowedChanges: allowedChangesSchema,
  tags: tagsSchema.default({}),
});

/** A checked environment, with all defaults filled in. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;
/** An environment as a person writes it in its file. */
export type EnvironmentInput = Omit<z.input<typeof environmentSchema>, 'name'>;
