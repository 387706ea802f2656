import type { ConnectOptions } from '../contract/database-client';
import { drawValues, PATTERNS } from '../benchmark/patterns';
import { intendedIndex, type PlanNode, planOf } from '../benchmark/plans';

/** How one version runs a query of the application. */
export interface QueryPlan {
  readonly query: string;
  /** Nodes from the top, each with the index that it reads, such as `Limit > Index Scan idx_message_salon_created`. */
  readonly plan: string;
  /** The intended index that it reads by a condition; undefined: none. */
  readonly index: string | undefined;
}

/** A query that the two versions run in different ways. */
export interface PlanDifference {
  readonly query: string;
  readonly before: string;
  readonly after: string;
  /** The new version reads none of the intended indexes, and the old one did. */
  readonly isWorse: boolean;
}

/** Sets of values to draw; the first is asked about. */
const SETS = 5;

/** Plans of all of the application's queries. The values are drawn in the same way from the same rows, so they are the same on both sides. */
export async function plansOf(login: ConnectOptions, end: string): Promise<QueryPlan[]> {
  const plans: QueryPlan[] = [];
  for (const pattern of PATTERNS) {
    const [values = []] = await drawValues(login, pattern, SETS, end);
    const document = await planOf(login, pattern, values);
    plans.push({
      query: pattern.name,
      plan: document.map(({ Plan }) => nodesOf(Plan)).join('; '),
      index: intendedIndex(document, pattern),
    });
  }
  return plans;
}

function nodesOf({ 'Node Type': type, 'Index Name': index, Plans = [] }: PlanNode): string {
  const node = index === undefined ? type : `${type} ${index}`;
  return [node, ...Plans.map(nodesOf)].join(' > ');
}

/** What differs between the plans of two versions. */
export function planDifferences(before: readonly QueryPlan[], after: readonly QueryPlan[]): PlanDifference[] {
  return before.flatMap(({ query, plan, index }) => {
    const other = after.find((each) => each.query === query);
    if (other?.plan === plan) return [];
    return [
      {
        query,
        before: plan,
        after: other?.plan ?? 'none',
        isWorse: index !== undefined && other?.index === undefined,
      },
    ];
  });
}
