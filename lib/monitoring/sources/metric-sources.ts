import { CACHE_SOURCES } from './cache';
import { COLLECTOR_SOURCES } from './collector';
import { DRILL_SOURCES } from './drill';
import { EVENT_SOURCES } from './events';
import { INSPECTOR_SOURCES } from './inspector';
import { JOB_SOURCES } from './jobs';
import { LOG_SOURCES } from './logs';
import { SETTING_SOURCES } from './settings';
import type { MetricSource } from './source';
import { VENDED_SOURCES } from './vended';

/** Every name that an alert's expression may use: declared once for the publisher and for the compiler. */
export const METRIC_SOURCES = {
  ...COLLECTOR_SOURCES,
  ...INSPECTOR_SOURCES,
  ...DRILL_SOURCES,
  ...JOB_SOURCES,
  ...VENDED_SOURCES,
  ...LOG_SOURCES,
  ...CACHE_SOURCES,
  ...SETTING_SOURCES,
  ...EVENT_SOURCES,
} as const satisfies Record<string, MetricSource>;

/** Prometheus names of all sources. */
export type MetricName = keyof typeof METRIC_SOURCES;
