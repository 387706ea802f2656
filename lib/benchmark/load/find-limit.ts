/** One rate that was tried. */
export interface LoadStep {
  /** Requests a second that were sent. */
  readonly rate: number;
  /** Requests a second that were answered. */
  readonly answered: number;
  /** 95 of 100 requests were answered within this time from when they were due, ms. */
  readonly p95Ms: number;
}

/** The longest p95, ms: the owner's target. */
export const P95_GOAL_MS = 100;
/** A server that answers a smaller share of what is sent falls behind, whatever p95 says yet. */
const LEAST_ANSWERED = 0.95;
/** The first search doubles the rate; then so many steps halve the distance between the last good and the first bad rate. */
const HALVINGS = 3;

/** Whether a rate is carried. */
export function isCarried({ rate, answered, p95Ms }: LoadStep): boolean {
  return p95Ms <= P95_GOAL_MS && answered >= LEAST_ANSWERED * rate;
}

/**
 * Raises the rate until p95 passes the goal, then narrows the limit down to a twelfth.
 * @param lowest first rate, requests a second
 * @param highest no rate beyond it is tried
 * @returns every step; `limit` is the highest rate that was carried, undefined where not even the lowest was
 */
export async function findLimit(
  measure: (rate: number) => Promise<LoadStep>,
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
): Promise<{ readonly steps: readonly LoadStep[]; readonly limit: number | undefined }> {
  const steps: LoadStep[] = [];
  const carries = async (rate: number): Promise<boolean> => {
    const step = await measure(rate);
    steps.push(step);
    return isCarried(step);
  };
  let good: number | undefined;
  let bad = lowest;
  while (bad <= highest && (await carries(bad))) {
    good = bad;
    bad *= 2;
  }
  if (good === undefined || bad > highest) return { steps, limit: good };
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(good * bad);
    if (await carries(middle)) good = middle;
    else bad = middle;
  }
  return { steps, limit: good };
}
