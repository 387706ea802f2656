import { loadEnvironment } from '../config';
import { loadAlerts } from './alerts';
import { recoveryDocuments } from './automation/deployed';
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
    contacts: environment.notifications.contacts,
    escalation: environment.notifications.escalation,
    documents: recoveryDocuments(environment),
  };
}
