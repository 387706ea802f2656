import { z } from 'zod';
import { parseDuration } from '../../shared/duration';
import { SEVERITIES } from '../../shared/severities';
import { OPT_OUT, optOut } from './fields';

/** What one environment changes of one alert; `switchedOff` is the reason where it is switched off. */
const overrideSchema = z
  .strictObject({
    /** Replaces the number that the alert compares with. */
    threshold: z.number().optional(),
    /** Replaces its `for`. */
    for: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'a duration such as 30s, 5m or 1h30m')
      .optional(),
    severity: z.enum(SEVERITIES).optional(),
    /** Only to switch the alert off. */
    enabled: z.union([optOut, z.never()], { error: OPT_OUT }).optional(),
  })
  .transform(({ enabled, ...changes }) => ({ ...changes, switchedOff: enabled?.reason }));

/** Alerts of an environment. */
export const alertsSchema = z
  .strictObject({
    /** Differences from lib/monitoring/alerts.yml, by the alert's name; a name without an alert fails the synthesis. Default none. */
    overrides: z.record(z.string().min(1), overrideSchema).default({}),
  })
  .prefault({});
