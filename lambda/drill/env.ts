import { required } from '../shared/environment';

/** Variables of the drill's function. */
export interface DrillEnv {
  /** Value of the dimension `Environment`, and beginning of the names of restored instances. */
  readonly ENVIRONMENT: string;
  /** Region of the alarms, which the metrics go to. */
  readonly METRICS_REGION: string;
  /** DrillSource as JSON. */
  readonly SOURCE: string;
  /** RestoreSettings as JSON. */
  readonly RESTORE: string;
}

/**
 * Where the data comes from: an instance of this region, or an instance of another region, by its resource id (`db-…`), whose automated
 * backups RDS replicates here.
 */
export type DrillSource = { readonly instanceId: string } | { readonly resourceId: string };

/** How an instance is restored: everything that RDS would otherwise choose itself. */
export interface RestoreSettings {
  /** Of verifications and point-in-time drills, with the prefix `db.`. */
  readonly instanceClass: string;
  /** Of full drills: the primary's. */
  readonly fullInstanceClass: string;
  readonly subnetGroup: string;
  readonly parameterGroup: string;
  readonly securityGroupIds: readonly string[];
  readonly engineLifecycleSupport: string;
  /** How long a restore may take before the drill fails, minutes. */
  readonly timeoutMinutes: number;
}

/** What the drill works with. */
export interface DrillSettings {
  readonly environment: string;
  readonly source: DrillSource;
  readonly restore: RestoreSettings;
}

/**
 * Reads the drill's settings.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): DrillSettings & { readonly region: string; readonly metricsRegion: string } {
  const variables = required(source, ['ENVIRONMENT', 'METRICS_REGION', 'SOURCE', 'RESTORE', 'AWS_REGION']);
  return {
    environment: variables.ENVIRONMENT,
    region: variables.AWS_REGION,
    metricsRegion: variables.METRICS_REGION,
    source: JSON.parse(variables.SOURCE) as DrillSource,
    restore: JSON.parse(variables.RESTORE) as RestoreSettings,
  };
}
