import { createApp } from '../app';
import { EnvironmentAssembly } from '../assembly/environment-assembly';
import { type EnvironmentName, loadEnvironment } from '../config';
import { parseWeeklyWindow } from '../config/derived/weekly-window';
import { formatSeconds } from '../shared/formats';
import { withTemporaryFolder } from '../shared/temporary-folder';
import { changesOf, type WeeklyWindow } from './alarms/firings';
import { ModelledSeries } from './alarms/series';
import { readWatched, type Watched } from './alarms/watched';
import { earlierShares } from './earlier/earlier-rules';
import { APPLICATION_INCIDENTS } from './incidents/application';
import { CACHE_INCIDENTS } from './incidents/cache';
import type { Incident } from './incidents/incident';
import { JOB_INCIDENTS } from './incidents/jobs';
import { OPERATION_INCIDENTS } from './incidents/operations';
import { PROXY_INCIDENTS } from './incidents/proxy';
import { SERVER_INCIDENTS } from './incidents/servers';
import { INCIDENT_DAYS, tryIncident } from './incidents/try-incident';
import { applicationValues } from './model/application';
import { DAY, WARM_UP, WEEK } from './model/clock';
import { drawSalons } from './model/salons';
import { evaluateNormalMonth } from './month';
import type { BacktestReport, IncidentResult } from './report/report';

/** Warnings of a normal month that may have no planned event as their reason. */
const ALLOWED_WARNINGS = 2;
/** A Monday late enough that all history before it has a positive time. */
const MONTH_STARTS = 10 * WEEK;

/** All incidents. */
const INCIDENTS: readonly Incident[] = [
  ...SERVER_INCIDENTS,
  ...PROXY_INCIDENTS,
  ...CACHE_INCIDENTS,
  ...APPLICATION_INCIDENTS,
  ...OPERATION_INCIDENTS,
  ...JOB_INCIDENTS,
];

/** Options of a backtest. */
export interface BacktestOptions {
  readonly environment: EnvironmentName;
  readonly days: number;
  readonly seed: number;
  /** Also the incidents. */
  readonly incidents: boolean;
  /** Also the earlier rules. */
  readonly compare: boolean;
  /** Number of salons. Default: the documented 1,000. */
  readonly salons?: number;
  /** Receives a line for each step. */
  readonly onProgress: (line: string) => void;
}

/**
 * Lets a month of the documented workload pass over the synthesized alarms of an environment.
 * @throws Error naming a metric that an alarm reads and the model does not have
 */
export function backtest(options: BacktestOptions): BacktestReport {
  const { environment, days, seed, onProgress } = options;
  const started = performance.now();
  onProgress(`synthesizing ${environment}`);
  const watched = withTemporaryFolder('backtest-', (outdir) => {
    createApp({ environments: [environment], outdir, bundle: false }).synth();
    return readWatched(new EnvironmentAssembly(outdir, environment));
  });
  const { maintenanceWindow } = loadEnvironment(environment).database;
  const window = parseWeeklyWindow(maintenanceWindow);
  if (!window) throw new Error(`the maintenance window of ${environment} is "${maintenanceWindow}", which is none`);

  const span = { start: MONTH_STARTS - WARM_UP, minutes: WARM_UP + days * DAY };
  const month = { start: MONTH_STARTS, minutes: days * DAY };
  const salons = drawSalons(seed, MONTH_STARTS, options.salons);
  onProgress(`simulating ${days} days of ${salons.length} salons, seed ${seed}`);
  const application = applicationValues({ seed, span: month, salons, effects: [] });
  onProgress(`evaluating ${watched.alarms.length} alarms each minute`);
  const { notifications, fired } = evaluateNormalMonth({ watched, seed, span, application, window, environment });
  const earlier = options.compare ? earlierShares({ seed, span, salons }) : undefined;
  const incidents = options.incidents ? tryIncidents(options, watched, window) : undefined;

  const pages = notifications.filter(({ severity }) => severity === 'page').length;
  const unexplained = notifications.filter(({ severity, because }) => severity === 'warning' && because === undefined);
  const failures = [
    ...(pages === 0 ? [] : [`a normal month pages ${pages} times; allowed: 0`]),
    ...(unexplained.length <= ALLOWED_WARNINGS
      ? []
      : [`a normal month has ${unexplained.length} warnings by chance; allowed: ${ALLOWED_WARNINGS}`]),
    ...(incidents ?? []).flatMap((result) => result.failures),
  ];
  const seconds = (performance.now() - started) / 1000;
  onProgress(`done after ${formatSeconds(seconds)}`);
  return {
    environment,
    seed,
    days,
    alarms: watched.alarms.length,
    month: { pages, unexplainedWarnings: unexplained.length, notifications, fired },
    ...(earlier && { earlier }),
    ...(incidents && { incidents }),
    seconds,
    failures,
    ok: failures.length === 0,
  };
}

function tryIncidents(options: BacktestOptions, watched: Watched, window: WeeklyWindow): IncidentResult[] {
  const { environment, seed, onProgress } = options;
  const span = { start: MONTH_STARTS - WARM_UP, minutes: WARM_UP + INCIDENT_DAYS * DAY };
  const salons = drawSalons(seed, MONTH_STARTS, options.salons);
  onProgress(`trying ${INCIDENTS.length} incidents`);
  const days = { start: MONTH_STARTS, minutes: INCIDENT_DAYS * DAY };
  const application = applicationValues({ seed, span: days, salons, effects: [] });
  const normal = changesOf(watched, new ModelledSeries({ seed, span, application, overlays: [] }));
  return INCIDENTS.map((incident) =>
    tryIncident(incident, { watched, environment, seed, span, salons, application, normal, window }),
  );
}
