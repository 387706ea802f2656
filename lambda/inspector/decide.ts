import type { PendingMaintenanceAction } from '@aws-sdk/client-rds';
import type { InspectorMetric } from '../../lib/contract/metrics';
import type { SeriesValues } from '../shared/metric-data';
import { supportEnd } from './engine-support';
import type { Inspection } from './read';

/** Value where nothing is pending, so that its alarm has a value to be content with. */
export const NO_MAINTENANCE_DAYS = 365;

const DAY_MS = 86_400_000;
const GIB = 2 ** 30;

/** A fact that RDS did not tell although a metric needs it. */
export interface MissingFact {
  readonly server: string;
  readonly fact: string;
}

/** What to publish, and what cannot be. */
export interface InspectionResult {
  readonly series: readonly SeriesValues[];
  readonly missing: readonly MissingFact[];
}

type Metric = Exclude<InspectorMetric, 'inspector_passes' | 'drill_overdue_days'>;

/**
 * What the inspections are worth at a moment. A fact that RDS leaves out publishes nothing and is named.
 * @param primary name of the server whose recovery point and engine are published
 */
export function decide(inspections: readonly Inspection[], primary: string, now: Date): InspectionResult {
  const daysUntil = (date: Date | undefined) => date && (date.getTime() - now.getTime()) / DAY_MS;
  const facts = inspections.flatMap((inspection): Fact[] => {
    const { server, instance, pendingMaintenance } = inspection;
    const { AllocatedStorage, CertificateDetails, EngineVersion } = instance;
    return [
      {
        metric: 'rds_allocated_storage_bytes',
        server,
        name: 'AllocatedStorage',
        value: AllocatedStorage === undefined ? undefined : AllocatedStorage * GIB,
      },
      {
        metric: 'rds_ca_certificate_days',
        server,
        name: 'CertificateDetails.ValidTill',
        value: daysUntil(CertificateDetails?.ValidTill),
      },
      {
        metric: 'rds_forced_maintenance_days',
        server,
        name: 'pending maintenance',
        value: daysUntil(appliedAt(pendingMaintenance)) ?? NO_MAINTENANCE_DAYS,
      },
      ...(server === primary
        ? ([
            ...recoveryPointFacts(inspection, now),
            {
              metric: 'rds_engine_support_days',
              server,
              name: `an EngineVersion of the support calendar (found: ${EngineVersion ?? 'none'})`,
              value: daysUntil(EngineVersion === undefined ? undefined : supportEnd(EngineVersion)),
            },
          ] satisfies Fact[])
        : []),
    ];
  });
  return {
    series: seriesOf(facts),
    missing: facts.flatMap(({ server, name, value }) => (value === undefined ? [{ server, fact: name }] : [])),
  };
}

/** None without automated backups. Before the first one nothing can be restored of all that there ever was. */
function recoveryPointFacts({ server, instance }: Inspection, now: Date): Fact[] {
  const { BackupRetentionPeriod, LatestRestorableTime, InstanceCreateTime } = instance;
  if (BackupRetentionPeriod === 0) return [];
  const latest = LatestRestorableTime ?? InstanceCreateTime;
  return [
    {
      metric: 'rds_recovery_point_age_seconds',
      server,
      name: 'LatestRestorableTime',
      value: latest && Math.max(0, (now.getTime() - latest.getTime()) / 1000),
    },
  ];
}

interface Fact {
  readonly metric: Metric;
  readonly server: string;
  readonly name: string;
  readonly value: number | undefined;
}

/** Storage is told apart by server; of the rest the servers are values of one series. */
function seriesOf(facts: readonly Fact[]): SeriesValues[] {
  const known = facts.flatMap(({ metric, server, value }) => (value === undefined ? [] : [{ metric, server, value }]));
  const storage = known.filter(({ metric }) => metric === 'rds_allocated_storage_bytes');
  const others = [...new Set(known.map(({ metric }) => metric))].filter(
    (metric) => metric !== 'rds_allocated_storage_bytes',
  );
  return [
    ...storage.map(({ metric, server, value }) => ({ metric, server, values: [value] })),
    ...others.map((metric) => ({
      metric,
      values: known.filter((fact) => fact.metric === metric).map(({ value }) => value),
    })),
  ];
}

/**
 * When RDS begins with the first of the actions by itself, whoever wants it or not: in the first maintenance window after
 * AutoAppliedAfterDate, at ForcedApplyDate outside of any, or when it is scheduled (RDS API Reference, PendingMaintenanceAction).
 */
function appliedAt(actions: readonly PendingMaintenanceAction[]): Date | undefined {
  const dates = actions.flatMap(({ AutoAppliedAfterDate, ForcedApplyDate, CurrentApplyDate }) =>
    [AutoAppliedAfterDate, ForcedApplyDate, CurrentApplyDate].flatMap((date) => date ?? []),
  );
  return dates.sort((a, b) => a.getTime() - b.getTime())[0];
}
