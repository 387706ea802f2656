import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { formatDollars } from '../../shared/formats';
import { markdownTable } from '../../shared/markdown';
import { toCents } from '../cost-line';

const savedRow = z.object({
  stack: z.string(),
  resource: z.string(),
  component: z.string(),
  quantity: z.number(),
  unit: z.string(),
  monthlyUsd: z.number(),
});
const saved = z.object({
  environments: z.array(z.object({ name: z.string(), monthlyUsd: z.number(), rows: z.array(savedRow) })),
});

/** A bill that was saved with --json, as far as it is compared. */
export interface SavedBill {
  readonly environments: readonly {
    readonly name: string;
    readonly monthlyUsd: number;
    readonly rows: readonly SavedRow[];
  }[];
}
type SavedRow = Readonly<z.infer<typeof savedRow>>;

/** One line of the bill that changed. */
export interface Change {
  readonly environment: string;
  readonly stack: string;
  readonly resource: string;
  readonly component: string;
  /** US dollars a month; undefined: the line is new. */
  readonly before?: number;
  /** Undefined: the line is gone. */
  readonly after?: number;
  readonly difference: number;
}

/**
 * Reads a bill that was saved with --json.
 * @throws Error with a sentence when it cannot be read, or is none
 */
export function readSavedBill(path: string): SavedBill {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `${path} cannot be read as JSON (${error instanceof Error ? error.message : String(error)}); save one with npm run --silent cost -- --json > ${path}`,
    );
  }
  const { data } = saved.safeParse(input);
  if (!data) throw new Error(`${path} is no bill; save one with npm run --silent cost -- --json > ${path}`);
  return data;
}

/** The lines that changed, the largest difference first. An environment that only one of the bills has is left out. */
export function changesOf(before: SavedBill, after: SavedBill): Change[] {
  const changes = after.environments.flatMap(({ name, rows }) => {
    const old = before.environments.find((each) => each.name === name);
    return old ? changesOfRows(name, old.rows, rows) : [];
  });
  return changes.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

/** A line is known by its resource. The component names what is priced, such as the class, so a resource has it by its place. */
function changesOfRows(environment: string, before: readonly SavedRow[], after: readonly SavedRow[]): Change[] {
  const [old, now] = [byResource(before), byResource(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const { stack, resource } = (is ?? was)![0]!;
    const components = [...new Set([...(was ?? []), ...(is ?? [])].map(({ component }) => component))];
    return components.flatMap((component): Change[] => {
      const [beforeUsd, afterUsd] = [was, is].map(
        (rows) => rows?.find((row) => row.component === component)?.monthlyUsd,
      );
      const difference = (afterUsd ?? 0) - (beforeUsd ?? 0);
      if (Math.abs(difference) < 0.005) return [];
      return [
        {
          environment,
          stack,
          resource,
          component,
          ...(beforeUsd !== undefined && { before: toCents(beforeUsd) }),
          ...(afterUsd !== undefined && { after: toCents(afterUsd) }),
          difference: toCents(difference),
        },
      ];
    });
  });
}

function byResource(rows: readonly SavedRow[]): Map<string, SavedRow[]> {
  const found = new Map<string, SavedRow[]>();
  for (const row of rows) {
    const key = `${row.stack}/${row.resource}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
}

/** Begins the comment in a pull request, so that its workflow finds it again, and no other workflow's comment. */
export const COMMENT_MARKER = '<!-- cost of the change -->';

/** The changes as a Markdown table, with the totals of each environment; for a pull request. */
export function changesMarkdown(before: SavedBill, after: SavedBill, changes: readonly Change[]): string {
  const totals = after.environments.flatMap(({ name, monthlyUsd }) => {
    const old = before.environments.find((each) => each.name === name);
    return old
      ? [[name, formatDollars(old.monthlyUsd), formatDollars(monthlyUsd), signed(monthlyUsd - old.monthlyUsd)]]
      : [];
  });
  const dollars = (amount: number | undefined) => (amount === undefined ? '' : formatDollars(amount));
  return [
    COMMENT_MARKER,
    '### Cost a month, US dollars at list price',
    markdownTable(['environment', 'before', 'after', 'difference'], totals),
    changes.length === 0
      ? 'No line of the bill changes.'
      : markdownTable(
          ['environment', 'resource', 'component', 'before', 'after', 'difference'],
          changes.map((each) => [
            each.environment,
            `${each.stack}/${each.resource}`,
            each.component,
            dollars(each.before),
            dollars(each.after),
            signed(each.difference),
          ]),
        ),
  ].join('\n\n');
}

/** The changes for the console. */
export function changesText(before: SavedBill, after: SavedBill, changes: readonly Change[]): string {
  const totals = after.environments.flatMap(({ name, monthlyUsd }) => {
    const old = before.environments.find((each) => each.name === name);
    return old
      ? [
          `${name}: ${formatDollars(old.monthlyUsd)} before, ${formatDollars(monthlyUsd)} now, ${signed(monthlyUsd - old.monthlyUsd)}`,
        ]
      : [`${name}: not in the saved bill`];
  });
  const lines = changes.map(
    ({ environment, stack, resource, component, difference, before: was, after: is }) =>
      `  ${signed(difference).padStart(10)}  ${environment} ${stack}/${resource}, ${component}${was === undefined ? ' (new)' : is === undefined ? ' (gone)' : ''}`,
  );
  return [...totals, ...(lines.length === 0 ? ['no line changes'] : lines)].join('\n');
}

function signed(difference: number): string {
  return `${difference < 0 ? '-' : '+'}${formatDollars(Math.abs(difference))}`;
}
