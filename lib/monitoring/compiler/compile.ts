import type { Alert } from '../alerts';
import { compileCondition } from './condition/compile-condition';
import type { Decision } from './decision';
import { compileEvent, isOnEvents } from './event';
import { falseHeartbeats, missingHeartbeats } from './heartbeats';
import {
  type AlertOverride,
  type AlertOverrides,
  overrideNote,
  overrideRule,
  overrideThreshold,
  unmatchedOverrides,
} from './overrides';
import { type Inventory, logNamespace } from './target';
import { Untranslatable, UntranslatableAlerts } from './untranslatable';
import type { AlertDetails, Compilation, CompiledAlarm, CompiledLogFilter, LedgerEntry } from './compiled';
import { type Absence, type Condition, parseExpression } from './expression';
import type { EventSource, MetricSource } from '../sources/source';

/** The environment that the alerts are compiled for. */
export interface CompileContext extends Inventory {
  /** The values of alerts that differ in this environment. */
  readonly overrides: AlertOverrides;
}

type Sources = Readonly<Record<string, MetricSource>>;
type CompiledRule = Omit<Compilation, 'ledger' | 'logFilters'> & { readonly entry: LedgerEntry };

/**
 * Translates all rules for one environment: alarms, event rules, the log filters that they need, and the ledger, which has an entry
 * for every rule.
 * @throws UntranslatableAlerts with a sentence for each rule without a translation, each override without a rule, and each publisher
 * whose silence no alarm would detect, or which would fire another alarm than that of its heartbeat
 */
export function compile(alerts: readonly Alert[], sources: Sources, context: CompileContext): Compilation {
  const faults = unmatchedOverrides(context.overrides, alerts, context.environment);
  const rules = alerts.flatMap((alert) => {
    try {
      return [compileRule(alert, sources, context)];
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      faults.push(`alert ${alert.name}: ${error.message}`);
      return [];
    }
  });
  const alarms = rules.flatMap((rule) => rule.alarms);
  if (faults.length === 0) faults.push(...missingHeartbeats(alarms, sources), ...falseHeartbeats(alarms, sources));
  if (faults.length > 0) throw new UntranslatableAlerts(faults);
  return {
    alarms,
    events: rules.flatMap((rule) => rule.events),
    logFilters: logFilters(alarms, sources, context.environment),
    ledger: rules.map(({ entry }) => entry),
  };
}

function compileRule(written: Alert, sources: Sources, context: CompileContext): CompiledRule {
  const override = Object.hasOwn(context.overrides, written.name) ? context.overrides[written.name] : undefined;
  const alert = overrideRule(written, override);
  if (override?.switchedOff !== undefined) return nothing(alert, 'switched off', override.switchedOff);
  const conditions = parseExpression(alert.expression);
  const onEvents = conditions.filter((condition) => isOnEvents(condition, sources));
  const onMetrics = conditions.filter((condition) => !onEvents.includes(condition));
  const event = compileEvent(onEvents, sources, alert, override);
  const alarms = () =>
    asAlarms(alert, overrideThreshold(onMetrics, override, alert.name, sources), sources, context, override);
  if (!event) return alarms();
  const rule = asEvent(alert, event, context, override);
  return onMetrics.length === 0 ? rule : both(rule, alarms());
}

/** A rule that is an event or what metrics show: an event rule and alarms. */
function both(event: CompiledRule, alarms: CompiledRule): CompiledRule {
  if (event.events.length === 0) return alarms;
  if (alarms.alarms.length === 0) return event;
  const note = `${event.entry.note}; ${alarms.entry.note}`;
  const becomes = [...event.entry.becomes, ...alarms.entry.becomes];
  const entry = { ...alarms.entry, outcome: 'translated with an event', becomes, note } as const;
  return { alarms: alarms.alarms, events: event.events, entry };
}

function asEvent(
  alert: Alert,
  { value: { pattern, needs }, notes }: Decision<EventSource>,
  { environment, hasBackups, hasBackupCopies, hasAccess }: CompileContext,
  override: AlertOverride | undefined,
): CompiledRule {
  const lacks = { backups: !hasBackups, backupCopies: !hasBackupCopies, access: !hasAccess };
  if (needs && lacks[needs]) return absent(alert, environment);
  const ruleName = `${environment}-${alert.name}`;
  return {
    alarms: [],
    events: [{ kind: 'event', ...detailsOf(alert), ruleName, pattern }],
    entry: entryOf(alert, 'replaced by an event', [ruleName], [...notes, ...overrideNote(override)]),
  };
}

function asAlarms(
  alert: Alert,
  conditions: readonly Condition[],
  sources: Sources,
  inventory: CompileContext,
  override: AlertOverride | undefined,
): CompiledRule {
  const { forSeconds, intervalSeconds } = alert;
  const absences = conditions.filter(isAbsenceOverTime);
  const measured = conditions.filter((condition) => !isAbsenceOverTime(condition));
  const branches = measured.map((condition) =>
    compileCondition(condition, { sources, inventory, forSeconds, intervalSeconds }),
  );
  const names = branchNames(branches.map(([compiled]) => compiled?.body.metrics[0]?.metricName ?? ''));
  const alarms = branches.flatMap((compiled, branch) =>
    compiled.map(({ target, body }): CompiledAlarm => ({
      kind: 'alarm',
      ...detailsOf(alert),
      alarmName: [inventory.environment, alert.name, names.value[branch], target.name].filter(Boolean).join('-'),
      ...body,
    })),
  );
  if (alarms.length === 0 && measured.length > 0) return absent(alert, inventory.environment);
  const notes = [
    ...branches.flatMap(([compiled]) => compiled?.notes ?? []),
    ...absences.map((absence) => absenceNote(absence, alarms)),
    ...names.notes,
    ...overrideNote(override),
  ];
  const becomes = alarms.map(({ alarmName }) => alarmName);
  return {
    alarms,
    events: [],
    entry: entryOf(alert, 'translated', becomes, notes),
  };
}

/**
 * Says which alarm `absent_over_time(metric[25h])` is. Prometheus needs it, because a sum of no values has no value; CloudWatch has the
 * alarm on the sum itself, where missing data counts as breaching.
 * @throws Untranslatable where no alarm of the rule is so
 */
function absenceNote({ metric, seconds }: Absence, alarms: readonly CompiledAlarm[]): string {
  const covering = alarms.find(
    ({ metrics, treatMissingData }) =>
      treatMissingData === 'breaching' && metrics.every(({ source }) => source === metric),
  );
  if (covering)
    return `for absent_over_time there is no other alarm: missing data of \`${metric}\` counts as breaching`;
  throw new Untranslatable(
    `absent_over_time(${metric}[${seconds}s]) has no alarm of its own; allowed: after "or", beside a count of the same metric that fires at 0, or absent(${metric})`,
  );
}

function isAbsenceOverTime(condition: Condition): condition is Absence {
  return condition.kind === 'absence' && condition.seconds !== undefined;
}

/** What tells the branches of `or` apart: their metrics, or their numbers where the metric is the same. */
function branchNames(metricNames: readonly string[]): Decision<string[]> {
  if (metricNames.length === 1) return { value: [''], notes: [] };
  const different = new Set(metricNames).size === metricNames.length;
  return {
    value: metricNames.map((name, index) => (different ? name : String(index + 1))),
    notes: ['each side of "or" has a separate alarm'],
  };
}

function absent(alert: Alert, environment: string): CompiledRule {
  return nothing(alert, 'absent', `${environment} does not have what this rule watches`);
}

function nothing(alert: Alert, outcome: 'absent' | 'switched off', note: string): CompiledRule {
  return { alarms: [], events: [], entry: entryOf(alert, outcome, [], [note]) };
}

function entryOf(
  { name, group, severity, component, expression, forSeconds }: Alert,
  outcome: LedgerEntry['outcome'],
  becomes: readonly string[],
  notes: readonly string[],
): LedgerEntry {
  const note = [...new Set(notes)].join('; ');
  return { alert: name, group, severity, component, expression, forSeconds, outcome, becomes, note };
}

function detailsOf({ name, group, severity, component, summary, description }: Alert): AlertDetails {
  return { alert: name, group, severity, component, summary, description };
}

function logFilters(alarms: readonly CompiledAlarm[], sources: Sources, environment: string): CompiledLogFilter[] {
  const read = new Set(alarms.flatMap(({ metrics }) => metrics.map(({ source }) => source)));
  return [...read].flatMap((name) => {
    const source = sources[name];
    return source?.from === 'log'
      ? [{ source: name, pattern: source.pattern, namespace: logNamespace(environment), rare: source.rare ?? false }]
      : [];
  });
}
