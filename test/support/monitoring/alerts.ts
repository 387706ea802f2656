import { loadAlerts, parseAlerts } from '../../../lib/monitoring/alerts';
import type { Compilation, CompiledAlarm } from '../../../lib/monitoring/compiler/compiled';
import { compile, type CompileContext } from '../../../lib/monitoring/compiler/compile';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';

const GIB = 1024 ** 3;

/** An environment with everything: two replicas, a proxy, a cache of two nodes, backups. */
export const FULL: CompileContext = {
  environment: 'production',
  servers: ['primary', 'replica-1', 'replica-2'].map((name) => ({
    name,
    storageCeilingBytes: 390 * GIB,
    vcpus: 4,
    maxConnections: 200,
    slotWalKeepBytes: 20 * 1024 ** 3,
  })),
  hasProxy: true,
  proxyConnections: 100,
  cacheNodes: ['001', '002'],
  hasBackups: true,
  hasDrills: true,
  hasImport: true,
  hasBackupCopies: true,
  hasAccess: true,
  rotatedSecrets: ['master', 'application'],
  topics: ['critical', 'warning', 'info'],
  overrides: {},
};

/** An environment with a primary and nothing else. */
export const BARE: CompileContext = {
  ...FULL,
  environment: 'dev',
  servers: FULL.servers.slice(0, 1),
  hasProxy: false,
  proxyConnections: 0,
  cacheNodes: [],
  hasBackups: false,
  hasDrills: false,
  hasImport: false,
  hasBackupCopies: false,
  hasAccess: false,
  rotatedSecrets: [],
};

/** An alerts.yml with one valid rule, changed by the given fields. */
export function ruleFile(rule: Record<string, unknown>, group: Record<string, unknown> = {}): string {
  const complete = {
    alert: 'Known',
    expr: 'pg_up == 0',
    labels: { severity: 'critical', component: 'database' },
    annotations: { summary: 'S', description: 'D' },
    ...rule,
  };
  return JSON.stringify({ groups: [{ name: 'g', rules: [complete], ...group }] });
}

/** Compiles one rule together with the project's heartbeat rules, which are left out of the result. */
export function compileRule(
  rule: Record<string, unknown>,
  context: CompileContext = FULL,
  group: Record<string, unknown> = {},
): Compilation {
  const heartbeats = loadAlerts().filter(({ expression }) => expression.startsWith('absent('));
  const all = compile([...parseAlerts(ruleFile(rule, group)), ...heartbeats], METRIC_SOURCES, context);
  return {
    ...all,
    alarms: all.alarms.filter(({ alert }) => alert === 'Known'),
    ledger: all.ledger.filter(({ alert }) => alert === 'Known'),
  };
}

/** The first alarm of a rule. */
export function alarmOf(rule: Record<string, unknown>, context?: CompileContext): CompiledAlarm {
  const alarm = compileRule(rule, context).alarms[0];
  if (!alarm) throw new Error('the rule has no alarm');
  return alarm;
}
