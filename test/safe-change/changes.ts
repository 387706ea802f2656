import type { JudgedChange } from '../../lib/safe-change/judge';
import type { Templates } from '../../lib/safe-change/compare';
import { changed, judged, judgedRecords, type MutableResource, resourceIn, templatesOf } from './states';

/** Production as it is configured. */
export const before = templatesOf('production');

/** Stacks of production. */
export const [DATABASE, BACKUP, NETWORK] = ['production-Database', 'production-Backup', 'production-Network'];
/** Beginnings of logical ids. */
export const [PRIMARY, REPLICA, KEY, VAULT] = [
  'DatabasePrimaryBBD54FE3',
  'DatabaseReplica1',
  'DataKey',
  'BackupsVault',
];

/** Changes a resource in place. */
export type Change = (resource: MutableResource) => void;
export const set =
  (name: string, value: unknown): Change =>
  ({ Properties }) =>
    void (Properties[name] = value);
export const unset =
  (name: string): Change =>
  ({ Properties }) =>
    void delete Properties[name];

export interface Statement {
  Sid?: string;
  Action: string | string[];
  Principal: { Service: string[] };
  Condition?: { StringEquals: Record<string, unknown[]> };
}
/** Changes the statements of a policy. */
export const statements =
  (property: string, change: (list: Statement[]) => unknown): Change =>
  ({ Properties }) =>
    void change((Properties[property] as { Statement: Statement[] }).Statement);

/** What, the resource, the change, and of the refused change: property, effect, part of what is lost, part of the way out. */
export type Refused = [string, [string, string], Change, [string, JudgedChange['effect'], RegExp, RegExp]];

/** The stack of a case before and after its change. */
export function changedStack(stack: string, start: string, change: Change): [Templates, Templates] {
  const one = { [stack]: before[stack] ?? {} };
  return [one, changed(one, (copy) => change(resourceIn(copy, stack, start)))];
}

/** Without those that only follow from the replacement of another resource. */
const own = (changes: readonly JudgedChange[]) =>
  changes.filter(({ after }) => !JSON.stringify(after ?? null).includes('(replaced)'));

/** Expects the change, of templates and of records, with its property, its effect, what is lost and the way out. */
export function expectRefused(...[, [stack, start], change, [property, effect, lost, wayOut]]: Refused): void {
  const states = changedStack(stack, start, change);
  for (const changes of [judged(...states), judgedRecords(...states)]) {
    expect(own(changes.filter(({ verdict }) => verdict === 'refused'))).toEqual([
      expect.objectContaining({
        resource: expect.stringMatching(new RegExp(`^${stack}/${start}`)) as string,
        property,
        effect,
        lost: expect.stringMatching(lost) as string,
        wayOut: expect.stringMatching(wayOut) as string,
      }),
    ]);
  }
}
