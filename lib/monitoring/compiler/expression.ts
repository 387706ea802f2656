import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parseDuration } from '../../shared/duration';
import { Untranslatable } from './untranslatable';

const COMPARISONS = { Eql: '==', Neq: '!=', Gtr: '>', Gte: '>=', Lss: '<', Lte: '<=' } as const;
const OPERATORS = { Add: '+', Sub: '-', Mul: '*', Div: '/' } as const;
const AGGREGATES = { Max: 'max', Min: 'min', Sum: 'sum' } as const;
const RANGE_FUNCTIONS = [
  ...(['rate', 'increase', 'changes'] as const),
  ...(['sum_over_time', 'avg_over_time', 'min_over_time', 'max_over_time'] as const),
] as const;

/** Comparison operators of PromQL. */
export type Comparison = (typeof COMPARISONS)[keyof typeof COMPARISONS];
/** The comparisons that CloudWatch also has. */
export type Ordering = Exclude<Comparison, '==' | '!='>;
/** Arithmetic operators that both PromQL and metric math have. */
export type Operator = (typeof OPERATORS)[keyof typeof OPERATORS];
/** Functions over a range of time that have a translation. */
export type RangeFunction = (typeof RANGE_FUNCTIONS)[number];

/** A metric, possibly over a range of time or aggregated over its rows. It becomes one series of CloudWatch. */
export interface Reading {
  readonly kind: 'reading';
  /** Prometheus name. */
  readonly metric: string;
  readonly over?: { readonly function: RangeFunction; readonly seconds: number };
  readonly aggregate?: {
    readonly operation: (typeof AGGREGATES)[keyof typeof AGGREGATES];
    readonly by: readonly string[];
  };
}

/** A calculation with numbers and metrics. */
export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | Reading
  | { readonly kind: 'arithmetic'; readonly operator: Operator; readonly left: Term; readonly right: Term };

/** A comparison operator and its right side. */
export interface Limit {
  readonly operator: Comparison;
  readonly right: Term;
}

/** One comparison: `m > 60`. */
export interface Threshold {
  readonly kind: 'threshold';
  readonly left: Term;
  readonly limit: Limit;
}

/** Comparisons that must all hold: `a > 1 and b > 2`, or a chain, in which each filters what the one before left: `m > 60 < 300`. */
export interface Conjunction {
  readonly kind: 'conjunction';
  /** At least two. */
  readonly thresholds: readonly Threshold[];
}

/** A metric without a value: `absent(m)`, or `absent_over_time(m[25h])`. */
export interface Absence {
  readonly kind: 'absence';
  readonly metric: string;
  /** The range of absent_over_time. */
  readonly seconds?: number;
}

/** When an alert holds. */
export type Condition = Threshold | Conjunction | Absence;

/** The part of PromQL that has a translation. */
const SUPPORTED_PROMQL =
  '<term> <comparison> <term>, "and" between such comparisons, a chain such as "m > 60 < 300", absent(m), and "or" between such conditions; a term is a number, ' +
  `a metric without a selector, + - * /, ${RANGE_FUNCTIONS.join('/')}(m[5m]), or max/min/sum by (label) (m)`;

/**
 * Reads an alert's expression: its conditions, one for each side of `or`.
 * @throws Untranslatable with what was found and what is supported.
 */
export function parseExpression(text: string): Condition[] {
  return new ExpressionReader(text).conditions();
}

class ExpressionReader {
  constructor(private readonly text: string) {}

  conditions(): Condition[] {
    const tree = parser.parse(this.text);
    let broken = false;
    tree.iterate({ enter: ({ type }) => void (broken ||= type.isError) });
    const top = tree.topNode.firstChild;
    if (broken || !top) throw this.refuse('is not valid PromQL');
    return this.branches(top);
  }

  private branches(node: SyntaxNode): Condition[] {
    const [left, operator, right] = children(node);
    if (node.name === 'BinaryExpr' && operator?.name === 'Or') {
      this.only(node, 3);
      return [...this.branches(left!), ...this.branches(right!)];
    }
    return [this.condition(node)];
  }

  private condition(node: SyntaxNode): Condition {
    if (node.name === 'ParenExpr') return this.condition(node.firstChild!);
    const called = node.name === 'FunctionCall' ? this.textOf(node.firstChild!) : '';
    if (called === 'absent') return { kind: 'absence', metric: this.metricName(children(node.lastChild!)[0]!) };
    if (called === 'absent_over_time') return { kind: 'absence', ...this.range(node) };
    const [threshold, ...others] = this.thresholds(node);
    return others.length > 0 ? { kind: 'conjunction', thresholds: [threshold!, ...others] } : threshold!;
  }

  /** The comparisons of a condition that must all hold; at least one. */
  private thresholds(node: SyntaxNode): Threshold[] {
    const [left, operator, right] = children(node);
    if (node.name === 'ParenExpr') return this.thresholds(node.firstChild!);
    if (node.name === 'BinaryExpr' && operator?.name === 'And') {
      this.only(node, 3);
      return [...this.thresholds(left!), ...this.thresholds(right!)];
    }
    const { left: term, limits } = this.comparison(node);
    if (limits.length === 0) throw this.refuse('compares nothing', node);
    return limits.map((limit) => ({ kind: 'threshold', left: term, limit }));
  }

  private comparison(node: SyntaxNode): { readonly left: Term; readonly limits: readonly Limit[] } {
    const [left, name, right] = children(node);
    const operator = node.name === 'BinaryExpr' && lookUp(COMPARISONS, name?.name);
    if (!operator) return { left: this.term(node), limits: [] };
    this.only(node, 3);
    const inner = this.comparison(left!);
    return { left: inner.left, limits: [...inner.limits, { operator, right: this.term(right!) }] };
  }

  private term(node: SyntaxNode): Term {
    switch (node.name) {
      case 'ParenExpr':
        return this.term(node.firstChild!);
      case 'NumberDurationLiteral':
      case 'UnaryExpr':
        return { kind: 'number', value: this.number(node) };
      case 'VectorSelector':
        return { kind: 'reading', metric: this.metricName(node) };
      case 'FunctionCall':
        return this.overRange(node);
      case 'AggregateExpr':
        return this.aggregate(node);
      case 'BinaryExpr':
        return this.arithmetic(node);
      default:
        throw this.refuse('has a part without a translation', node);
    }
  }

  private arithmetic(node: SyntaxNode): Term {
    const [left, name, right] = children(node);
    const operator = lookUp(OPERATORS, name?.name);
    if (!operator) throw this.refuse('has an operator without a translation, or a comparison inside of a term', node);
    this.only(node, 3);
    return { kind: 'arithmetic', operator, left: this.term(left!), right: this.term(right!) };
  }

  private overRange(node: SyntaxNode): Reading {
    const name = this.textOf(node.firstChild!);
    const known = RANGE_FUNCTIONS.find((candidate) => candidate === name);
    if (!known) throw this.refuse(`has the function ${name}, which has no translation here`, node);
    const { metric, seconds } = this.range(node);
    return { kind: 'reading', metric, over: { function: known, seconds } };
  }

  /** The argument of a function over a range of time. */
  private range(call: SyntaxNode): { readonly metric: string; readonly seconds: number } {
    const [range, extra] = children(call.lastChild!);
    const [metric, duration] = children(range!);
    if (range?.name !== 'MatrixSelector' || extra) throw this.refuse('has a range with an offset or a step', call);
    const seconds = parseDuration(this.textOf(duration!));
    if (!seconds) throw this.refuse('has a range that is not a Prometheus duration such as 5m or 1h30m', duration);
    return { metric: this.metricName(metric!), seconds };
  }

  private aggregate(node: SyntaxNode): Reading {
    const parts = children(node);
    const part = (name: string) => parts.find((child) => child.name === name);
    const operation = lookUp(AGGREGATES, part('AggregateOp')?.firstChild?.name);
    if (!operation) throw this.refuse('has an aggregation without a translation', node);
    const modifier = part('AggregateModifier');
    const [keyword, labels] = modifier ? children(modifier) : [];
    if (keyword && keyword.name !== 'By') throw this.refuse('aggregates "without" labels', node);
    const [metric, extra] = children(part('FunctionCallBody')!);
    if (extra) throw this.refuse('aggregates more than a metric', node);
    return {
      kind: 'reading',
      metric: this.metricName(metric!),
      aggregate: { operation, by: labels ? children(labels).map((label) => this.textOf(label)) : [] },
    };
  }

  private metricName(node: SyntaxNode): string {
    const [name, extra] = children(node);
    if (node.name !== 'VectorSelector' || name?.name !== 'Identifier' || extra) {
      throw this.refuse('needs a metric’s bare name there', node);
    }
    return this.textOf(name);
  }

  private number(node: SyntaxNode): number {
    const value = Number(this.textOf(node).replace(/\s/g, ''));
    if (!Number.isFinite(value)) throw this.refuse('needs a plain number there', node);
    return value;
  }

  /** Refuses modifiers of an operator: `bool`, `on (label)`, `group_left`. */
  private only(node: SyntaxNode, parts: number): void {
    if (children(node).length !== parts) throw this.refuse('has a modifier of an operator', node);
  }

  private textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  private refuse(why: string, found?: SyntaxNode): Untranslatable {
    const where = found ? `: "${this.textOf(found)}"` : '';
    return new Untranslatable(`the expression "${this.text}" ${why}${where}; supported: ${SUPPORTED_PROMQL}`);
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const nodes = [];
  for (let child = node.firstChild; child; child = child.nextSibling) nodes.push(child);
  return nodes;
}

function lookUp<Names extends Record<string, string>>(
  names: Names,
  name: string | undefined,
): Names[keyof Names] | undefined {
  return name !== undefined && name in names ? names[name as keyof Names] : undefined;
}
