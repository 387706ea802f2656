import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EnvironmentPrice } from '../../cost/environment-price';

const SAVED_MONTH = z.object({
  environment: z.string(),
  days: z.number(),
  seed: z.number(),
  month: z.object({
    pages: z.number(),
    unexplainedWarnings: z.number(),
    notifications: z.array(
      z.object({ alarm: z.string(), severity: z.string(), time: z.string(), because: z.string().optional() }),
    ),
  }),
  incidents: z.array(z.object({ name: z.string(), failures: z.array(z.string()) })).optional(),
  ok: z.boolean(),
});

/** A saved backtest. */
export type SavedMonth = z.infer<typeof SAVED_MONTH>;

/** What a page shows beside the report. */
export interface PageContext {
  /** All environments at list price; absent: not priced. */
  readonly prices?: readonly EnvironmentPrice[];
  /** The backtest that lies beside the report; undefined: there is none. */
  readonly month?: SavedMonth;
  /** Versions by name, such as `Node.js`. */
  readonly versions: Readonly<Record<string, string>>;
  /** When the page was written. */
  readonly written: Date;
}

/** Reads backtest.json from the folder of the report; undefined where there is none that can be read. */
export function readMonth(folder: string): SavedMonth | undefined {
  const file = join(folder, 'backtest.json');
  if (!existsSync(file)) return undefined;
  try {
    return SAVED_MONTH.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
