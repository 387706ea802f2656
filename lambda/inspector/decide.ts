import type { PendingMaintenanceAction } from '@aws-sdk/client-rds';
import { INSPECTOR_METRICS, type InspectorMetric } from '../../lib/contract/metrics';
import type { SeriesValues } from '../shared/metric-data';
import { isDailyHour } from './daily';
import { supportEnd } from './engine-support';
import type { Inspection } from './read';

/** Value of rds_forced_maintenance_days when no maintenance is pending, so that the metric always has a value. Days. */
const NO_MAINTENANCE_DAYS = 365;

/**
 * Metrics that count days: they are published in one hour of each day (isDailyHour), because CloudWatch charges a metric for each hour in
 * which it is sent.
 */
const DAILY: readonly ServerMetric[] = [
  'rds_ca_certificate_days',
  'rds_forced_maintenance_days',
  'rds_engine_support_days',
];

/**
 * How long after its creation a server may be without a recovery point, ms. RDS makes the first backup after it has created the server
 * (RDS User Guide, "Introduction to backups"); how long that takes is not documented.
 */
const FIRST_RECOVERY_POINT_MS = 3_600_000;

const DAY_MS = 86_400_000;
const GIB = 2 ** 30;

/** A field that a metric is computed from and that RDS left out of its answer. */
interface MissingField {
  readonly server: string;
  readonly field: string;
}

/** The series to publish, and the fields that could not be read. */
interface InspectionResult {
  readonly series: readonly SeriesValues[];
  readonly missing: readonly MissingField[];
}

/** A metric that is computed from RDS's answer about one server. */
type ServerMetric = Exclude<
  InspectorMetric,
  'inspector_passes' | 'drill_overdue_days' | 'care_overdue_days' | 'sns_unconfirmed_subscriptions'
>;

/** One value of a metric. */
interface Reading {
  /** The field of RDS's answer that the value comes from. */
  readonly field: string;
  /** Undefined when RDS left the field out. */
  readonly value: number | undefined;
}

/** How each metric is read. A reader returns undefined when the metric does not apply to the server. */
const READERS: Readonly<Record<ServerMetric, (inspection: Inspection, now: Date) => Reading | undefined>> = {
  rds_allocated_storage_bytes: ({ instance: { AllocatedStorage } }) => ({
    field: 'AllocatedStorage',
    value: AllocatedStorage === undefined ? undefined : AllocatedStorage * GIB,
  }),
  rds_ca_certificate_days: ({ instance: { CertificateDetails } }, now) => ({
    field: 'CertificateDetails.ValidTill',
    value: daysUntil(CertificateDetails?.ValidTill, now),
  }),
  rds_forced_maintenance_days: ({ pendingMaintenance }, now) => ({
    field: 'pending maintenance',
    value: daysUntil(appliedAt(pendingMaintenance), now) ?? NO_MAINTENANCE_DAYS,
  }),
  rds_recovery_point_age_seconds: ({ instance }, now) => {
    const { BackupRetentionPeriod, LatestRestorableTime, InstanceCreateTime } = instance;
    // Without automated backups there is no recovery point.
    if (BackupRetentionPeriod === 0) return undefined;
    // Before the first backup nothing can be restored. The age counts from the time when there should be a recovery point.
    const latest =
      LatestRestorableTime?.getTime() ?? (InstanceCreateTime && InstanceCreateTime.getTime() + FIRST_RECOVERY_POINT_MS);
    return {
      field: 'LatestRestorableTime',
      value: latest === undefined ? undefined : Math.max(0, (now.getTime() - latest) / 1000),
    };
  },
  rds_engine_support_days: ({ instance: { EngineVersion } }, now) => ({
    field: `an EngineVersion of the support calendar (found: ${EngineVersion ?? 'none'})`,
    value: daysUntil(EngineVersion === undefined ? undefined : supportEnd(EngineVersion), now),
  }),
};

const SERVER_METRICS = Object.keys(READERS) as ServerMetric[];

/**
 * Computes the metrics from RDS's answers. INSPECTOR_METRICS says which servers each metric exists for, and whether each server has
 * a series or all servers are values of one. A field that RDS left out publishes nothing and is reported as missing.
 * @param primary name of the primary
 */
export function decide(inspections: readonly Inspection[], primary: string, now: Date): InspectionResult {
  const readings = inspections.flatMap((inspection) =>
    SERVER_METRICS.filter(
      (metric) => INSPECTOR_METRICS[metric].servers === 'all' || inspection.server === primary,
    ).flatMap((metric) => {
      const reading = READERS[metric](inspection, now);
      return reading ? [{ metric, server: inspection.server, ...reading }] : [];
    }),
  );
  const known = readings.flatMap(({ value, ...reading }) => (value === undefined ? [] : [{ ...reading, value }]));
  return {
    series: SERVER_METRICS.filter((metric) => isDailyHour(now) || !DAILY.includes(metric)).flatMap((metric) =>
      seriesOf(
        metric,
        known.filter((reading) => reading.metric === metric),
      ),
    ),
    missing: readings.flatMap(({ server, field, value }) => (value === undefined ? [{ server, field }] : [])),
  };
}

function seriesOf(
  metric: ServerMetric,
  readings: readonly { readonly server: string; readonly value: number }[],
): SeriesValues[] {
  if (readings.length === 0) return [];
  return INSPECTOR_METRICS[metric].per === 'server'
    ? readings.map(({ server, value }) => ({ metric, server, values: [value] }))
    : [{ metric, values: readings.map(({ value }) => value) }];
}

function daysUntil(date: Date | undefined, now: Date): number | undefined {
  return date && (date.getTime() - now.getTime()) / DAY_MS;
}

/**
 * When RDS applies the first pending action without asking: in the first maintenance window after AutoAppliedAfterDate, at
 * ForcedApplyDate outside of any window, or at the time that it is scheduled for (RDS API Reference, PendingMaintenanceAction).
 */
function appliedAt(actions: readonly PendingMaintenanceAction[]): Date | undefined {
  const dates = actions.flatMap(({ AutoAppliedAfterDate, ForcedApplyDate, CurrentApplyDate }) =>
    [AutoAppliedAfterDate, ForcedApplyDate, CurrentApplyDate].flatMap((date) => date ?? []),
  );
  return dates.sort((a, b) => a.getTime() - b.getTime())[0];
}
