import { constant, type Incident } from './incident';

const HOURS = 60;

/** Incidents of RDS Proxy. Each begins on a Tuesday at noon. */
export const PROXY_INCIDENTS: readonly Incident[] = [
  {
    name: 'the proxy has used its connections',
    minutes: HOURS,
    fires: ['PostgreSQLProxyPoolFull'],
    pages: false,
    values: [constant('DatabaseConnections', 95)],
  },
  {
    name: 'the application pins most connections of the proxy',
    minutes: HOURS,
    fires: ['PostgreSQLProxyPinning'],
    pages: false,
    values: [constant('DatabaseConnectionsCurrentlySessionPinned', 40)],
  },
  {
    name: 'clients wait half a second for a connection of the proxy',
    minutes: HOURS,
    fires: ['PostgreSQLProxyBorrowLatencyHigh'],
    pages: false,
    values: [constant('DatabaseConnectionsBorrowLatency', 500_000)],
  },
  {
    name: 'an application uses an old password at the proxy',
    minutes: 30,
    fires: ['PostgreSQLProxyRefusedLogins'],
    pages: false,
    values: [constant('ClientConnectionsSetupFailedAuth', 6)],
  },
];
