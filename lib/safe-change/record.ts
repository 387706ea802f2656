import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template, TemplateResource } from '../assembly/environment-assembly';
import { PROJECT_ROOT } from '../shared/project-root';
import { canonical } from './canonical';
import { replacingProperties, type Templates } from './compare';
import { kindOf } from './stateful';

/** Where the record of an environment is, from the project's root. */
export function recordFile(environment: string): string {
  return `lib/safe-change/record/${environment}.json`;
}

/**
 * The record of an environment: its stateful resources as they were last accepted. An environment without a record has none yet.
 * @throws SyntaxError where the file is not JSON
 */
export function readRecord(environment: string): Templates {
  const file = join(PROJECT_ROOT, recordFile(environment));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Templates) : {};
}

/** The record as it stands in its file: a line for each resource. */
export function recordText(templates: Templates, accountId?: string): string {
  const stacks = Object.entries(recordOf(templates, accountId)).map(([stack, { Resources = {} }]) => {
    const lines = Object.entries(Resources).map(
      ([id, resource]) => `${JSON.stringify(id)}: ${JSON.stringify(resource)}`,
    );
    return `${JSON.stringify(stack)}: { "Resources": {\n  ${lines.join(',\n  ')}\n} }`;
  });
  return `{\n${stacks.join(',\n')}\n}\n`;
}

/**
 * Of templates, the stateful resources, and of those what must not change: what replaces them, and what protects them.
 * @param accountId the account of the configuration, which the record does not name
 */
export function recordOf(templates: Templates, accountId?: string): Templates {
  return Object.fromEntries(
    Object.entries(canonical(templates, accountId))
      .map(([stack, template]) => [stack, { Resources: statefulResources(template) }] as const)
      .filter(([, { Resources }]) => Object.keys(Resources).length > 0)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

function statefulResources({ Resources = {} }: Template): Readonly<Record<string, TemplateResource>> {
  return Object.fromEntries(
    Object.entries(Resources)
      .flatMap(([id, resource]) => {
        const kept = keptOf(resource);
        return kept ? [[id, kept] as const] : [];
      })
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

function keptOf(resource: TemplateResource): TemplateResource | undefined {
  const kind = kindOf(resource);
  if (!kind) return undefined;
  const replacing = replacingProperties(resource).filter((name) => !kind.inPlace?.includes(name));
  const kept = new Set([...replacing, ...Object.keys(kind.guards ?? {})]);
  const { Type, DeletionPolicy, UpdateReplacePolicy, Properties = {} } = resource;
  return {
    Type,
    ...(DeletionPolicy !== undefined && { DeletionPolicy }),
    ...(UpdateReplacePolicy !== undefined && { UpdateReplacePolicy }),
    Properties: Object.fromEntries(
      Object.entries(Properties)
        .filter(([name]) => kept.has(name))
        .sort(([one], [other]) => one.localeCompare(other)),
    ),
  };
}
