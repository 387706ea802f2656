import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** Comparison operators of PromQL. */
export type Comparison = '==' | '!=' | '>' | '>=' | '<' | '<=';

/** `metric <comparison> threshold`: the part of PromQL that CloudWatch alarms can say so far. */
export interface Expression {
  readonly metric: string;
  readonly comparison: Comparison;
  readonly threshold: number;
}

const COMPARISONS: Record<string, Comparison> = { Eql: '==', Neq: '!=', Gtr: '>', Gte: '>=', Lss: '<', Lte: '<=' };

/**
 * Reads an alert's expression.
 * @throws Error with a sentence when it is no PromQL, or PromQL that has no translation.
 */
export function parseExpression(alert: string, text: string): Expression {
  const refuse = (why: string) =>
    new Error(
      `alert ${alert}: the expression "${text}" ${why}; supported: <metric> <comparison> <number>, such as "pg_up == 0"`,
    );
  const tree = parser.parse(text);
  let broken = false;
  tree.iterate({ enter: ({ type }) => void (broken ||= type.isError) });
  if (broken) throw refuse('is not valid PromQL');

  const binary = tree.topNode.firstChild;
  if (binary?.name !== 'BinaryExpr') throw refuse('compares nothing');
  const [left, operator, right, extra] = children(binary);
  const comparison = COMPARISONS[operator?.name ?? ''];
  if (!left || !right || extra || !comparison) throw refuse('is no plain comparison');
  const metric = left.name === 'VectorSelector' && children(left).every(({ name }) => name === 'Identifier');
  if (!metric) throw refuse('has more than a metric’s name on its left side');
  const threshold = Number(text.slice(right.from, right.to));
  if (Number.isNaN(threshold)) throw refuse('has no number on its right side');
  return { metric: text.slice(left.from, left.to), comparison, threshold };
}

function children(node: SyntaxNode): SyntaxNode[] {
  const nodes = [];
  for (let child = node.firstChild; child; child = child.nextSibling) nodes.push(child);
  return nodes;
}
