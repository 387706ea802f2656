import { parsed, required } from '../shared/environment';

/** Environment variables of the drill's function. */
export interface DrillEnv {
  /** Value of the dimension `Environment`, and prefix of the names of restored instances. */
  readonly ENVIRONMENT: string;
  /** Region of the alarms, to which metrics are published. */
  readonly METRICS_REGION: string;
  /** A DrillSource as JSON. */
  readonly SOURCE: string;
  /** RestoreSettings as JSON. */
  readonly RESTORE: string;
  /** Table that drills copy into the source, or `none`. */
  readonly TABLE: string;
}

/**
 * Where the data comes from: an instance of this region, or an instance of another region, by its resource id (`db-…`), whose automated
 * backups RDS replicates to this region.
 */
export type DrillSource = { readonly instanceId: string } | { readonly resourceId: string };

/** How an instance is restored: the choices that are not left to RDS. */
export interface RestoreSettings {
  /** Instance class of verifications and point-in-time drills, with the prefix `db.`. */
  readonly instanceClass: string;
  /** Instance class of full drills: the primary's, with the prefix `db.`. */
  readonly fullInstanceClass: string;
  readonly subnetGroup: string;
  readonly parameterGroup: string;
  readonly securityGroupIds: readonly string[];
  readonly engineLifecycleSupport: string;
  /** How long a restore may take before the drill fails, minutes. */
  readonly timeoutMinutes: number;
}

/** Settings of the drill. */
export interface DrillSettings {
  readonly environment: string;
  readonly source: DrillSource;
  readonly restore: RestoreSettings;
  /** Table that drills copy into the source, except for verifications. Default: none. */
  readonly table?: string;
}

/**
 * Reads the drill's settings.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): DrillSettings & { readonly region: string; readonly metricsRegion: string } {
  const variables = required(source, ['ENVIRONMENT', 'METRICS_REGION', 'SOURCE', 'RESTORE', 'TABLE', 'AWS_REGION']);
  return {
    environment: variables.ENVIRONMENT,
    region: variables.AWS_REGION,
    metricsRegion: variables.METRICS_REGION,
    source: parsed<DrillSource>('SOURCE', variables.SOURCE),
    restore: parsed<RestoreSettings>('RESTORE', variables.RESTORE),
    table: variables.TABLE === 'none' ? undefined : variables.TABLE,
  };
}
