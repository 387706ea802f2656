import { loadEnvironment } from '../config';
import { loadAlerts } from '../monitoring/alerts';
import { compile } from '../monitoring/compiler/compile';
import { compileContext } from '../monitoring/context';
import { METRIC_SOURCES } from '../monitoring/sources/metric-sources';
import { startInstructions } from '../recovery-documents/start-instructions';
import type { RunbookData } from './render';

/** The data of production, the only environment that people are called for at night. */
export function productionRunbookData(): RunbookData {
  const alerts = loadAlerts();
  const environment = loadEnvironment('production');
  return {
    environment: environment.name,
    alerts,
    ledger: compile(alerts, METRIC_SOURCES, compileContext(environment)).ledger,
    contacts: environment.notifications.contacts,
    escalation: environment.notifications.escalation,
    documents: startInstructions(environment),
  };
}
