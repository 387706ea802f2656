import { COLLECTOR_SOURCES } from './sources/collector';
import { DRILL_SOURCES } from './sources/drill';
import { EVENT_SOURCES } from './sources/events';
import { INSPECTOR_SOURCES } from './sources/inspector';
import { SETTING_SOURCES } from './sources/settings';
import type { MetricSource } from './sources/source';
import { VENDED_SOURCES } from './sources/vended';

export { METRIC_NAMESPACE } from './sources/source';

/** Everything that an alert may speak of, by its Prometheus name: declared once for its publisher and for the compiler. */
export const METRIC_SOURCES = {
  ...COLLECTOR_SOURCES,
  ...INSPECTOR_SOURCES,
  ...DRILL_SOURCES,
  ...VENDED_SOURCES,
  ...SETTING_SOURCES,
  ...EVENT_SOURCES,
} as const satisfies Record<string, MetricSource>;

/** Prometheus names of all sources. */
export type MetricName = keyof typeof METRIC_SOURCES;
