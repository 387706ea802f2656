import { loadEnvironment } from '../config';
import { loadAlerts } from './alerts';
import { compile } from './compiler';
import { compileContext } from './context';
import { METRIC_SOURCES } from './metric-sources';
import type { RunbookFacts } from './runbook-render';

/** The owner's four dashboards, and which of them draws the alerts of a group. */
const DASHBOARDS: Readonly<Record<string, string>> = {
  replication_health: 'Replication Status',
  whatsapp_saas_alerts: 'WhatsApp SaaS Metrics',
  backup_health: 'Backup Status',
};

/** The facts of production: nobody is called at night for another environment. */
export function productionFacts(): RunbookFacts {
  const alerts = loadAlerts();
  return {
    alerts,
    ledger: compile(alerts, METRIC_SOURCES, compileContext(loadEnvironment('production'))).ledger,
    contacts: [
      { role: 'Primary DBA', name: '[Name]', reach: '[Phone]' },
      { role: 'DevOps Lead', name: '[Name]', reach: '[Phone]' },
      { role: 'Slack', name: '#incidents-production', reach: 'everybody in an incident' },
      { role: 'PagerDuty', name: 'emergency escalation', reach: '[service]' },
    ],
    escalation: ['this page', 'the history of Slack #database-ops', 'page the on-call DBA', 'the engineering manager'],
    dashboardOf: ({ group }) => DASHBOARDS[group] ?? 'PostgreSQL Overview',
  };
}
