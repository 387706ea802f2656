import { busyness, type Span } from './clock';
import { emptySeries } from './highest';
import type { Plan } from './plan';
import type { Random } from './random';

/** What the values of one metric of one server depend on. */
export interface ServerModel {
  readonly span: Span;
  readonly plan: Plan;
  /** `primary`, `replica-1` …, for a node of the cache `001`; undefined where the metric is of neither. */
  readonly server: string | undefined;
  readonly random: Random;
}

const GIB = 2 ** 30;

/**
 * Normal values of the metrics that are not the application's, by their name in CloudWatch. All figures are assumptions of a healthy server
 * of the documented size, at most half of what the alarms allow; the plan's events disturb them.
 */
export const NORMAL: Readonly<Record<string, (model: ServerModel) => Float64Array>> = {
  // The collector: a value in each minute in which a pass reached the server.
  collector_passes: (model) => passes(model, () => 1),
  collector_failed_queries: (model) => passes(model, (i) => (model.plan.failedQueries.includes(i) ? 1 : 0)),
  pg_up: (model) => everyPass(model, (i) => (isDown(model, i) ? 0 : 1)),
  pg_connections_used: (model) => passes(model, (_, busy) => 40 + 50 * busy + 6 * model.random.normal()),
  pg_connections_idle_in_transaction: (model) => passes(model, (_, busy) => model.random.poisson(3 * busy)),
  // A report at night, and an index that is built at a deployment.
  pg_transactions_longest_seconds: (model) =>
    passes(model, (i, busy) => {
      const minute = i % 1440;
      if (minute >= 210 && minute < 215) return (minute - 209) * 50;
      const since = model.plan.deployments.map((each) => i - each.minute).find((age) => age > 0 && age <= 4);
      return since === undefined ? 15 * busy * model.random.next() : since * 60;
    }),
  pg_server_uptime_seconds: (model) =>
    passes(model, (i) => {
      const starts = [...model.plan.failovers, ...model.plan.restarts].map(
        ({ minute, minutes }) => i - minute - minutes,
      );
      return Math.min(30 * 86_400, ...starts.filter((age) => age >= 0).map((age) => age * 60 + 5));
    }),
  pg_blocked_sessions: (model) => passes(model, (_, busy) => (model.random.next() < 0.05 * busy ? 2 : 0)),
  pg_checksums_failures_total: (model) => passes(model, () => 0),
  pg_cache_hits: (model) => passes(model, (i, busy) => 8e6 * busy * (1 - missShare(model, i))),
  pg_cache_reads: (model) => passes(model, (i, busy) => 8e6 * busy * missShare(model, i)),
  pg_configuration_fingerprint: (model) =>
    passes(model, (i) => (model.plan.deployments.some((each) => each.parameters && each.minute + 3 === i) ? 1 : 0)),
  pg_configuration_pending_restart: (model) => passes(model, () => 0),
  replication_lag_lag_seconds: (model) =>
    passes(model, (i, busy) => lagAfter(model, i) + (model.random.next() < 0.05 ? 4 * busy : 0)),
  pg_replicas_connected: (model) =>
    passes(model, (i) => 2 - model.plan.restarts.filter((each) => isDuring(each, i)).length),
  pg_slots_inactive: (model) => passes(model, (i) => model.plan.restarts.filter((each) => isDuring(each, i)).length),
  pg_slots_retained_bytes: (model) => passes(model, (_, busy) => 64 * 2 ** 20 * (1 + busy)),
  pg_subscription_behind_seconds: nothing,
  pg_subscription_errors_total: nothing,
  pg_deadlocks_total: (model) => passes(model, () => 0),
  pg_archiver_failed_total: (model) => passes(model, () => 0),
  table_bloat_dead_ratio: (model) => passes(model, (i) => 0.03 + 0.06 * ((i % 2000) / 2000)),
  pg_indexes_invalid: (model) =>
    passes(model, (i) => (model.plan.deployments.some(({ minute }) => i > minute && i <= minute + 4) ? 1 : 0)),
  pg_sequences_used_ratio: (model) => passes(model, () => 0.001),
  backup_size_growth_ratio: (model) => passes(model, () => 0.006 + 0.002 * model.random.next()),

  // The inspector, each five minutes, and what it publishes in one hour of the day.
  inspector_passes: (model) => inspected(model, () => 1),
  rds_allocated_storage_bytes: (model) => inspected(model, () => 100 * GIB),
  rds_recovery_point_age_seconds: (model) => inspected(model, () => 60 + 270 * model.random.next()),
  rds_ca_certificate_days: (model) => daily(model, (day) => 400 - day),
  rds_forced_maintenance_days: (model) => daily(model, () => 365),
  rds_engine_support_days: (model) => daily(model, (day) => 820 - day),
  drill_overdue_days: (model) => daily(model, () => -2),
  // Each Monday: the month begins with one.
  drift_findings: (model) => daily(model, (day) => (day % 7 === 0 ? 0 : NaN)),
  care_overdue_days: (model) => daily(model, () => -0.2),
  sns_unconfirmed_subscriptions: (model) => daily(model, () => 0),
  drill_recovery_time_seconds: (model) => atMinutes(model, model.plan.drills, () => 1900 + 300 * model.random.next()),
  drill_recovery_point_seconds: (model) => atMinutes(model, model.plan.drills, () => 60 + 30 * model.random.next()),

  // AWS.
  FreeStorageSpace: (model) => everyMinute(model, (i) => (60 - (0.9 * i) / 1440) * GIB),
  CPUUtilization: (model) => everyMinute(model, (_, busy) => 8 + 35 * busy + 3 * Math.abs(model.random.normal())),
  FreeableMemory: (model) => everyMinute(model, (_, busy) => (9 - 3 * busy) * GIB),
  SwapUsage: (model) => everyMinute(model, (_, busy) => 8 * busy * 2 ** 20),
  ReadLatency: (model) => everyMinute(model, (_, busy) => 0.001 + 0.002 * busy * model.random.next()),
  // The nightly backup reads the standby; a Multi-AZ write waits for it.
  WriteLatency: (model) =>
    everyMinute(
      model,
      (i, busy) => (i % 1440 >= 120 && i % 1440 < 165 ? 0.008 : 0.002) + 0.002 * busy * model.random.next(),
    ),
  DBLoad: (model) => everyMinute(model, (_, busy) => 0.1 + 1.2 * busy + 0.1 * Math.abs(model.random.normal())),
  ReplicaLag: (model) => everyMinute(model, (i) => lagAfter(model, i)),
  MaximumUsedTransactionIDs: (model) => everyMinute(model, (i) => 150e6 + ((i * 2000) % 60e6)),
  'EBSByteBalance%': (model) => everyMinute(model, () => 99),
  'EBSIOBalance%': (model) => everyMinute(model, () => 99),
  DatabaseConnectionsCurrentlySessionPinned: (model) => everyMinute(model, (_, busy) => model.random.poisson(1 + busy)),
  DatabaseConnections: (model) => everyMinute(model, (_, busy) => 20 + 30 * busy),
  DatabaseConnectionsBorrowLatency: (model) => everyMinute(model, (_, busy) => 300 + 2500 * busy * model.random.next()),
  ClientConnectionsSetupFailedAuth: (model) => everyMinute(model, () => (model.random.next() < 0.001 ? 1 : 0)),
  EngineCPUUtilization: (model) => everyMinute(model, (_, busy) => 2 + 15 * busy + Math.abs(model.random.normal())),
  DatabaseMemoryUsagePercentage: (model) => everyMinute(model, (_, busy) => 30 + 10 * busy),
  Evictions: (model) => everyMinute(model, () => 0),
  CurrConnections: (model) => everyMinute(model, (_, busy) => 40 + 80 * busy),
  ReplicationLag: (model) => everyMinute(model, () => model.random.next()),
  IsMaster: (model) => everyMinute(model, () => (model.server === '001' ? 1 : 0)),
  NumberOfBackupJobsCompleted: (model) => atMinutes(model, model.plan.backups, () => 1),
  NumberOfBackupJobsFailed: nothing,
  NumberOfBackupJobsExpired: nothing,
  ExecutionsFailed: nothing,
  ExecutionsTimedOut: nothing,
  Errors: (model) => atMinutes(model, model.plan.rotations, () => 0),
  NumberOfNotificationsFailed: nothing,
  ApproximateNumberOfMessagesVisible: (model) => everyMinute(model, () => 0),
  TriggeredRules: nothing,

  // Filters over the servers' logs.
  pg_log_refused_logins: (model) => everyMinute(model, () => (model.random.next() < 0.002 ? 1 : 0)),
  pg_log_master_logins: (model) => atMinutes(model, model.plan.rotations, () => 2),
  pg_log_privilege_changes: (model) =>
    atMinutes(
      model,
      model.plan.deployments.filter(({ grants }) => grants).map(({ minute }) => minute + 2),
      () => 4,
    ),
};

type Value = (minute: number, busy: number) => number;

function everyMinute({ span }: ServerModel, value: Value): Float64Array {
  const series = new Float64Array(span.minutes);
  for (let i = 0; i < series.length; i++) series[i] = value(i, busyness(span.start + i));
  return series;
}

/** In each minute in which the collector passes. */
function everyPass({ span, plan }: ServerModel, value: Value): Float64Array {
  const series = everyMinute({ span } as ServerModel, value);
  for (const { minute } of plan.deployments) series[minute] = NaN;
  for (const minute of plan.lostPasses) series[minute] = NaN;
  return series;
}

/** In each pass that reached the server. */
function passes(model: ServerModel, value: Value): Float64Array {
  const series = everyPass(model, value);
  if (model.server !== undefined) series.forEach((_, i) => isDown(model, i) && (series[i] = NaN));
  return series;
}

function inspected({ span }: ServerModel, value: () => number): Float64Array {
  const series = emptySeries(span.minutes);
  for (let i = 0; i < span.minutes; i += 5) series[i] = value();
  return series;
}

/** In one hour of each day. */
function daily({ span }: ServerModel, value: (day: number) => number): Float64Array {
  const series = emptySeries(span.minutes);
  for (let i = 7 * 60; i < span.minutes; i += 1440) {
    for (let pass = i; pass < Math.min(i + 60, span.minutes); pass += 5) series[pass] = value(Math.floor(i / 1440));
  }
  return series;
}

function atMinutes({ span }: ServerModel, minutes: readonly number[], value: () => number): Float64Array {
  const series = emptySeries(span.minutes);
  for (const minute of minutes) series[minute] = value();
  return series;
}

function nothing({ span }: ServerModel): Float64Array {
  return emptySeries(span.minutes);
}

function isDuring({ minute, minutes }: { readonly minute: number; readonly minutes: number }, i: number): boolean {
  return i >= minute && i < minute + minutes;
}

function isDown({ plan, server }: ServerModel, i: number): boolean {
  return server === 'primary'
    ? plan.failovers.some((failover) => isDuring(failover, i))
    : plan.restarts.some((restart) => restart.server === server && isDuring(restart, i));
}

/** A replica that was restarted has to catch up. */
function lagAfter({ plan, server }: ServerModel, i: number): number {
  const since = plan.restarts.filter((each) => each.server === server).map((each) => i - each.minute - each.minutes);
  const age = since.find((minutes) => minutes >= 0 && minutes < 3);
  return age === undefined ? 0 : 60 - age * 20;
}

/** Half a percent, and more while the cache is cold after a restart. */
function missShare({ plan, server }: ServerModel, i: number): number {
  const starts = server === 'primary' ? plan.failovers : plan.restarts.filter((each) => each.server === server);
  const age = starts.map((each) => i - each.minute - each.minutes).find((minutes) => minutes >= 0 && minutes < 8);
  return age === undefined ? 0.005 : 0.005 + 0.25 / (age + 1);
}
