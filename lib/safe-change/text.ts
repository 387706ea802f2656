import { deepEqual } from '@aws-cdk/cloudformation-diff';
import type { JudgedChange } from './judge';
import type { SafeChange } from './safe-change';
import { DELETION } from './stateful';

/** The result for people: a line for each change, below those that would lose something what to do. */
export function safeChangeText({ environment, against, changes, staleEntries: stale }: SafeChange): string {
  const count = (verdict: JudgedChange['verdict']) => changes.filter((change) => change.verdict === verdict).length;
  const refused = changes.filter(({ verdict }) => verdict === 'refused');
  return [
    `${environment} against ${against}: ${count('refused')} refused, ${count('allowed')} allowed, ${count('passes')} pass`,
    ...changes.flatMap(changeText),
    ...stale,
    ...(refused.length > 0 ? wayOutText(environment, refused) : []),
  ].join('\n');
}

function changeText(change: JudgedChange): string[] {
  const { verdict, effect, resource, type, property, before, after, lost, because, wayOut } = change;
  const what = property === undefined ? '' : `, ${differenceText(property, before, after)}`;
  const below = Object.entries({ lost, because, do: wayOut }).filter(([, text]) => text !== undefined);
  return [
    `  ${verdict.padEnd(7)}  ${effect.padEnd(11)}  ${resource} (${type})${what}`,
    ...below.map(([name, text]) => `${' '.repeat(11)}${name}: ${text}`),
  ];
}

/** The only part of a value that differs, with its path; the whole values where several parts do. */
export function differenceText(path: string, before: unknown, after: unknown): string {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const [key, another] = keys.filter((each) => !deepEqual(before[each], after[each]));
    if (key !== undefined && another === undefined) return differenceText(`${path}.${key}`, before[key], after[key]);
  }
  return `${path}: ${short(before)} -> ${short(after)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const LONGEST_VALUE = 80;

function short(value: unknown): string {
  const text = value === undefined ? 'none' : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function wayOutText(environment: string, refused: readonly JudgedChange[]): string[] {
  const entries = [...new Set(refused.map(({ resource }) => resource))].map((resource) => ({
    resource,
    changes: refused.filter((each) => each.resource === resource).map(({ property = DELETION }) => property),
    reason: '…',
    until: '…',
  }));
  return [
    `To let a change through until a date, add its entry to allowedChanges in lib/config/${environment}.ts, with what happens to the data:`,
    ...entries.map((entry) => `  ${JSON.stringify(entry)},`),
    `If ${environment} was never deployed, write its record again: npm run diff -- --environment ${environment} --never-deployed`,
  ];
}
