import { formatCount } from '../../../lib/contract/care/formats';
import type { SalonLimit } from '../env';
import type { Found, Task } from '../task';

/** Active salons now, and those of them that were there three months ago. */
export interface SalonCount {
  readonly now: number;
  readonly before: number;
}

const PERIOD_DAYS = 90;
const PERIOD_MONTHS = PERIOD_DAYS / (365 / 12);
/** When somebody should plan, months before a limit is reached. */
const LOOK_MONTHS = 6;
/** Beyond this a forecast says nothing, months. */
const FAR_MONTHS = 60;

const SALONS = `
  SELECT count(*)::int AS now, (count(*) FILTER (WHERE created_at < now() AT TIME ZONE 'UTC' - interval '${PERIOD_DAYS} days'))::int AS before
    FROM public.salons WHERE is_active`;

/** Which limit the growth of the salons reaches first. Storage has a section of its own. */
export const capacity: Task = {
  title: 'Capacity',
  run: async (sessions, _now, { limits }) => {
    const session = await sessions.primary();
    const { rows } = await session.query<SalonCount>(SALONS);
    return decide(rows[0]!, limits);
  },
};

/** Lets the salons grow on as they did in the last three months. */
export function decide({ now, before }: SalonCount, limits: readonly SalonLimit[]): Found {
  const growth = before > 0 ? (now / before) ** (1 / PERIOD_MONTHS) - 1 : undefined;
  const judged = limits.map(({ what, salons }) => {
    const months = now >= salons ? 0 : growth && growth > 0 ? Math.log(salons / now) / Math.log(1 + growth) : Infinity;
    const when =
      months === 0 ? 'reached' : months > FAR_MONTHS ? 'not in five years' : `in ${Math.ceil(months)} months`;
    return { line: `${what}: ${formatCount(salons)} salons, ${when}`, look: months < LOOK_MONTHS };
  });
  return {
    state: judged.some(({ look }) => look) ? 'look' : 'fine',
    lines: [
      `${formatCount(now)} active salons${growth === undefined ? ', none of them older than three months' : `, ${(100 * growth).toFixed(1)} % more each month over three months`}`,
      ...judged.map(({ line }) => line),
      'The limits are those of the published benchmark; npm run capacity names the line of the configuration that lifts each',
    ],
  };
}
