import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import type { AllowedChange } from '../../lib/config/schema/changes/allowed-changes';
import type { Templates } from '../../lib/safe-change/compare';
import { judge, type JudgedChange } from '../../lib/safe-change/judge';
import { recordOf } from '../../lib/safe-change/record';
import { type Configuration, stackTemplates, synthesizeProductionWith } from '../support/synth';

/** A resource of a template, to be changed. */
export interface MutableResource {
  Type: string;
  Properties: Record<string, unknown>;
  [attribute: string]: unknown;
}

type MutableTemplates = Record<string, { Resources: Record<string, MutableResource> }>;

/** The templates of an environment by the names of their stacks. */
export function templatesOf(name: Configuration, environment: string = name): Templates {
  return Object.fromEntries(
    Object.entries(stackTemplates(name)).map(([id, template]) => [`${environment}-${id}`, template]),
  );
}

/** The templates of production with some of its configuration changed. */
export function productionWith(change: Partial<EnvironmentInput>): Templates {
  parseEnvironment('production', { ...production, ...change });
  return Object.fromEntries(
    Object.entries(synthesizeProductionWith(change)).map(([id, template]) => [
      `production-${id.charAt(0).toUpperCase()}${id.slice(1)}`,
      template.toJSON(),
    ]),
  );
}

/** A copy of templates in which something is changed in place. */
export function changed(templates: Templates, change: (copy: MutableTemplates) => void): Templates {
  const copy = structuredClone(templates) as unknown as MutableTemplates;
  change(copy);
  return copy;
}

/** A resource to be changed, by its stack and the beginning of its logical id. */
export function resourceIn(templates: MutableTemplates, stack: string, start: string): MutableResource {
  const resources = templates[stack]?.Resources ?? {};
  const found = Object.keys(resources).filter((id) => id.startsWith(start));
  const [id = ''] = found.sort((one, other) => one.length - other.length);
  if (!resources[id]) throw new Error(`${stack} has no ${start} among ${Object.keys(resources).join(', ')}`);
  return resources[id];
}

/** The differences and their verdicts. */
export function judged(
  before: Templates,
  after: Templates,
  {
    allowedChanges = [],
    today = new Date('2026-11-26T12:00:00Z'),
  }: { allowedChanges?: AllowedChange[]; today?: Date } = {},
): JudgedChange[] {
  return judge(before, after, { allowedChanges, today });
}

/** The same of the records of both. */
export function judgedRecords(before: Templates, after: Templates): JudgedChange[] {
  return judged(recordOf(before), recordOf(after));
}
