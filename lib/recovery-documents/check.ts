import { compile } from '../monitoring/compiler/compile';
import { compileContext } from '../monitoring/context';
import { loadAlerts } from '../monitoring/alerts';
import { METRIC_SOURCES } from '../monitoring/sources/metric-sources';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { DocumentContent } from './content-schema';
import type { RecoveryDocument } from './entries';
import { actionsOf, permissionsOf } from './permissions';
import { ENVIRONMENT_PLACEHOLDERS, placeholdersIn, REPLICA_PLACEHOLDERS, ROLE_PLACEHOLDERS } from './placeholders';

/** A recovery document and the content of its file. */
export interface LoadedDocument {
  readonly document: RecoveryDocument;
  readonly content: DocumentContent;
}

/**
 * What is wrong with the entries of all recovery documents, a sentence for each fault: an unknown alert, an unknown placeholder, a
 * placeholder that no document uses, an action that the steps need and the entry does not permit, or the reverse.
 * @param alertNames of alerts.yml
 */
export function entryFaults(documents: readonly LoadedDocument[], alertNames: readonly string[]): string[] {
  const used = new Set([
    ...documents.flatMap(({ document, content }) => [...placeholdersIn([permissionsOf(document, content), content])]),
  ]);
  const declared = { ...ENVIRONMENT_PLACEHOLDERS, ...REPLICA_PLACEHOLDERS, ...ROLE_PLACEHOLDERS };
  const unused = Object.keys(declared).filter((name) => !used.has(name));
  return [
    ...documents.flatMap(({ document }) => alertFaults(document, alertNames)),
    ...documents.flatMap(placeholderFaults),
    ...documents.flatMap(permissionFaults),
    ...unused.map((name) => `no recovery document uses \${${name}}; delete it from placeholders.ts`),
  ];
}

function alertFaults({ file, alerts }: RecoveryDocument, alertNames: readonly string[]): string[] {
  return alerts
    .filter((name) => !alertNames.includes(name))
    .map((name) => `the entry of ${file} names the alert ${name}, which alerts.yml does not have`);
}

function placeholderFaults({ document, content }: LoadedDocument): string[] {
  const known = { ...ENVIRONMENT_PLACEHOLDERS, ...(document.perReplica && REPLICA_PLACEHOLDERS) };
  const faults = (where: string, part: unknown, allowed: object) =>
    [...placeholdersIn(part)]
      .filter((name) => !(name in allowed))
      .map((name) => `${where} uses \${${name}}; allowed: ${Object.keys(allowed).join(', ')}`);
  return [
    ...faults(`${document.file}.yaml`, content, { ...known, ...ROLE_PLACEHOLDERS }),
    ...faults(`the entry of ${document.file}`, document.permissions, known),
  ];
}

function permissionFaults({ document, content }: LoadedDocument): string[] {
  const needed = actionsOf(content);
  const allowed = permissionsOf(document, content).flatMap(({ actions }) => actions);
  return [
    ...needed
      .filter((action) => !allowed.includes(action))
      .map((action) => `the steps of ${document.file}.yaml need ${action}; add it to the permissions of its entry`),
    ...[...new Set(allowed)]
      .filter((action) => !needed.includes(action))
      .map((action) => `the entry of ${document.file} permits ${action}, which its steps do not need; delete it`),
  ];
}

/** Names of the alarms that an environment gets from alerts.yml. */
export function alarmNames(config: EnvironmentConfig): string[] {
  return compile(loadAlerts(), METRIC_SOURCES, compileContext(config)).alarms.map(({ alarmName }) => alarmName);
}
