import { markdownTable } from '../shared/markdown';
import type { JudgedChange } from './judge';
import type { SafeChange } from './safe-change';
import { differenceText } from './text';

/**
 * The result for a pull request: what would lose something with the way out, a line each; of everything else a line for each kind of
 * change and type of resource.
 */
export function safeChangeMarkdown(found: SafeChange): string {
  const { environment, against, changes, staleEntries } = found;
  const losing = changes.filter(({ verdict }) => verdict !== 'passes');
  const passing = changes.filter(({ verdict }) => verdict === 'passes');
  return [
    `### What a deployment would change in ${environment}`,
    `Compared with ${against}: ${passing.length + losing.length} changes, of which ${losing.length} would lose something.`,
    ...(losing.length > 0 ? [losingTable(losing)] : []),
    ...(passing.length > 0 ? [passingTable(passing)] : []),
    ...staleEntries.map((sentence) => `- ${sentence}`),
  ].join('\n\n');
}

function losingTable(changes: readonly JudgedChange[]): string {
  const rows = changes.map(({ verdict, effect, resource, property, before, after, lost = '', because, wayOut }) => [
    `**${verdict}**`,
    effect,
    `\`${resource}\``,
    property === undefined ? '' : differenceText(property, before, after),
    lost,
    [because, wayOut].filter((text) => text !== undefined).join('; '),
  ]);
  const head = ['verdict', 'CloudFormation would', 'resource', 'property', 'lost', 'why, and the safe way'];
  return markdownTable(head, rows, { aligned: false });
}

function passingTable(changes: readonly JudgedChange[]): string {
  const counts = new Map<
    string,
    { readonly effect: string; readonly type: string; resources: Set<string>; properties: Set<string> }
  >();
  for (const { effect, type, resource, property } of changes) {
    const key = `${effect} ${type}`;
    const entry = counts.get(key) ?? { effect, type, resources: new Set(), properties: new Set() };
    counts.set(key, entry);
    entry.resources.add(resource);
    if (property !== undefined) entry.properties.add(property);
  }
  const rows = [...counts.values()].map(({ effect, type, resources, properties }) => [
    ...[effect, type, String(resources.size), [...properties].sort().join(', ')],
  ]);
  return markdownTable(['CloudFormation would', 'type', 'resources', 'properties'], rows, { aligned: false });
}
