import jsep, { type CoreExpression } from 'jsep';

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
};

/** Metric math of one period: a function of the metrics' values by their ids. Undefined is a missing value. */
export type MetricMath = (values: Readonly<Record<string, number | undefined>>) => number | undefined;

/** A part of an expression: a series may have no value in a period, a scalar has one in every period. */
interface Part {
  readonly kind: 'series' | 'scalar';
  readonly valueOf: MetricMath;
}

/**
 * Parses the part of CloudWatch's metric math that the alarms use: + - * /, comparisons with the results 0 and 1, `IF(condition, value)`,
 * parentheses. Of two series of which one has no value in a period, that one counts as 0; a period without any value, or with a divisor of
 * 0, has no value, and neither has one in which the condition of IF is 0 (CloudWatch user guide, "Math expressions with metrics").
 * @throws Error naming the unsupported part of the expression
 */
export function parseMetricMath(expression: string, ids: readonly string[]): MetricMath {
  return compile(jsep(expression) as CoreExpression, expression, ids).valueOf;
}

function compile(node: CoreExpression, expression: string, ids: readonly string[]): Part {
  const refuse = (found: string) =>
    new Error(`the metric math "${expression}" has ${found}, which the rehearsal cannot evaluate`);
  const partOf = (inner: unknown) => compile(inner as CoreExpression, expression, ids);
  if (node.type === 'Literal') {
    const { value } = node;
    if (typeof value !== 'number') throw refuse(JSON.stringify(value));
    return { kind: 'scalar', valueOf: () => value };
  }
  if (node.type === 'Identifier') {
    const { name } = node;
    if (!ids.includes(name)) throw refuse(`the unknown id ${name}`);
    return { kind: 'series', valueOf: (values) => values[name] };
  }
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    return arithmetic({ kind: 'scalar', valueOf: () => -1 }, OPERATORS['*']!, partOf(node.argument));
  }
  if (node.type === 'CallExpression') {
    const [condition, value, ...others] = node.arguments;
    const isIf = node.callee.type === 'Identifier' && node.callee.name === 'IF';
    if (!isIf || !condition || !value || others.length > 0) throw refuse('a call other than IF(condition, value)');
    return conditional(partOf(condition), partOf(value));
  }
  if (node.type !== 'BinaryExpression') throw refuse(`a ${node.type}`);
  const operate = OPERATORS[node.operator];
  if (!operate) throw refuse(node.operator);
  return arithmetic(partOf(node.left), operate, partOf(node.right));
}

function arithmetic(left: Part, operate: (left: number, right: number) => number, right: Part): Part {
  const bothSeries = left.kind === 'series' && right.kind === 'series';
  return {
    kind: left.kind === 'series' ? 'series' : right.kind,
    valueOf: (values) => {
      let one = left.valueOf(values);
      let other = right.valueOf(values);
      if (bothSeries && one === undefined && other !== undefined) one = 0;
      if (bothSeries && other === undefined && one !== undefined) other = 0;
      if (one === undefined || other === undefined) return undefined;
      const value = operate(one, other);
      return Number.isFinite(value) ? value : undefined;
    },
  };
}

function conditional(condition: Part, value: Part): Part {
  const valueOf: MetricMath = (values) =>
    (condition.valueOf(values) ?? 0) === 0 ? undefined : (value.valueOf(values) ?? 0);
  return { kind: 'series', valueOf };
}
