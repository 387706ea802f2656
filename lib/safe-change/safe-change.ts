import type { EnvironmentConfig } from '../config/schema/environment';
import type { Templates } from './compare';
import { judge, type JudgedChange, staleEntries } from './judge';
import { readRecord, recordFile, recordOf } from './record';
import { DELETION } from './stateful';

/** What a comparison of an environment found. */
export interface SafeChange {
  readonly environment: string;
  /** With what the templates were compared. */
  readonly against: string;
  readonly changes: readonly JudgedChange[];
  /** Entries in allowedChanges to correct or delete, a sentence for each. */
  readonly staleEntries: readonly string[];
}

/** The parts of a configuration that a comparison needs. */
type Config = Pick<EnvironmentConfig, 'name' | 'allowedChanges'>;

/**
 * Compares two states of an environment and says of each difference whether it may be deployed.
 * @param against what `before` is, for people
 * @param today default: now
 */
export function safeChange(
  { name, allowedChanges }: Config,
  { against, before, after }: { readonly against: string; readonly before: Templates; readonly after: Templates },
  today = new Date(),
): SafeChange {
  const rules = { allowedChanges, today };
  const changes = judge(before, after, rules);
  return { environment: name, against, changes, staleEntries: staleEntries(before, after, rules) };
}

/** The same against the record of the environment, which has its stateful resources only. */
export function againstRecord(config: Config, templates: Templates, today?: Date): SafeChange {
  const [before, after] = [readRecord(config.name), recordOf(templates)];
  return safeChange(config, { against: `the record ${recordFile(config.name)}`, before, after }, today);
}

/** Whether nothing is refused. */
export function isSafe({ changes }: SafeChange): boolean {
  return changes.every(({ verdict }) => verdict !== 'refused');
}

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
  const what = property === undefined ? '' : `, ${property}: ${short(before)} -> ${short(after)}`;
  const below = Object.entries({ lost, because, do: wayOut }).filter(([, text]) => text !== undefined);
  return [
    `  ${verdict.padEnd(7)}  ${effect.padEnd(11)}  ${resource} (${type})${what}`,
    ...below.map(([name, text]) => `${' '.repeat(11)}${name}: ${text}`),
  ];
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
