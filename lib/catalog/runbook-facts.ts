import { loadEnvironment } from '../config';
import { loadAlerts } from './alerts';
import { compile } from './compiler';
import { compileContext } from './context';
import { METRIC_SOURCES } from './metric-sources';
import type { RunbookFacts } from './runbook-render';

/** The facts of production: nobody is called at night for another environment. */
export function productionFacts(): RunbookFacts {
  const alerts = loadAlerts();
  const environment = loadEnvironment('production');
  return {
    environment: environment.name,
    alerts,
    ledger: compile(alerts, METRIC_SOURCES, compileContext(environment)).ledger,
    contacts: [
      { role: 'Primary DBA', name: '[Name]', reach: '[Phone]' },
      { role: 'DevOps Lead', name: '[Name]', reach: '[Phone]' },
      { role: 'Slack', name: '#incidents-production', reach: 'everybody in an incident' },
      { role: 'PagerDuty', name: 'emergency escalation', reach: '[service]' },
    ],
    escalation: ['this page', 'the history of Slack #database-ops', 'page the on-call DBA', 'the engineering manager'],
  };
}
