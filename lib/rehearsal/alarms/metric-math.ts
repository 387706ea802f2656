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

/**
 * Parses the part of CloudWatch's metric math that the alarms use: + - * /, comparisons with the results 0 and 1, parentheses. A period
 * in which an operand is missing or a divisor is 0 has no value (CloudWatch user guide, "Using math expressions with CloudWatch
 * metrics").
 * @throws Error naming the unsupported part of the expression
 */
export function parseMetricMath(expression: string, ids: readonly string[]): MetricMath {
  return compile(jsep(expression) as CoreExpression, expression, ids);
}

function compile(node: CoreExpression, expression: string, ids: readonly string[]): MetricMath {
  const refuse = (found: string) =>
    new Error(`the metric math "${expression}" has ${found}, which the rehearsal cannot evaluate`);
  if (node.type === 'Literal') {
    const { value } = node;
    if (typeof value !== 'number') throw refuse(JSON.stringify(value));
    return () => value;
  }
  if (node.type === 'Identifier') {
    const { name } = node;
    if (!ids.includes(name)) throw refuse(`the unknown id ${name}`);
    return (values) => values[name];
  }
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const argument = compile(node.argument as CoreExpression, expression, ids);
    return (values) => {
      const value = argument(values);
      return value === undefined ? undefined : -value;
    };
  }
  if (node.type !== 'BinaryExpression') throw refuse(`a ${node.type}`);
  const operate = OPERATORS[node.operator];
  if (!operate) throw refuse(node.operator);
  const left = compile(node.left as CoreExpression, expression, ids);
  const right = compile(node.right as CoreExpression, expression, ids);
  return (values) => {
    const [one, other] = [left(values), right(values)];
    if (one === undefined || other === undefined) return undefined;
    const value = operate(one, other);
    return Number.isFinite(value) ? value : undefined;
  };
}
