import type { EnvironmentConfig } from '../config/schema/environment';
import { loadAlerts } from '../monitoring/alerts';
import { once } from '../shared/once';
import { alarmNames, entryFaults, type LoadedDocument } from './check';
import { alarmsRead, InvalidRecoveryDocument, readDocument } from './content';
import { type Need, RECOVERY_DOCUMENTS } from './entries';
import { fillIn } from './fill-in';

/** A recovery document as an environment has it. */
export interface DeployedDocument extends LoadedDocument {
  /** Its name in Systems Manager. */
  readonly name: string;
  /** The replica that it acts on, such as `replica-1`. */
  readonly replica?: string;
}

/**
 * The recovery documents of an environment: those whose needs it meets.
 * @throws InvalidRecoveryDocument with a sentence for each fault of a document, of its entry, or an alarm that it reads and the
 * environment does not have
 */
export function deployedDocuments(config: EnvironmentConfig): DeployedDocument[] {
  const has: Record<Need, boolean> = {
    backups: config.database.backupRetentionDays > 0,
    replicas: config.replicas.length > 0,
    standby: config.database.multiAz,
    proxy: config.proxy !== undefined,
    'no proxy': config.proxy === undefined,
    drills: config.drills !== undefined,
  };
  const deployed = loadDocuments()
    .filter(({ document }) => document.needs.every((need) => has[need]))
    .flatMap((loaded) => instances(loaded, config));
  const faults = missingAlarms(deployed, config);
  if (faults.length > 0) throw new InvalidRecoveryDocument(`the set of documents of ${config.name}`, faults);
  return deployed;
}

const loadDocuments = once((): LoadedDocument[] => {
  const documents = RECOVERY_DOCUMENTS.map((document) => ({ document, content: readDocument(document.file) }));
  const faults = entryFaults(
    documents,
    loadAlerts().map(({ name }) => name),
  );
  if (faults.length > 0) throw new InvalidRecoveryDocument('lib/recovery-documents', faults);
  return documents;
});

function instances(loaded: LoadedDocument, { name, replicas }: EnvironmentConfig): DeployedDocument[] {
  const documentName = `${name}-${loaded.document.name}`;
  if (!loaded.document.perReplica) return [{ ...loaded, name: documentName }];
  return replicas.map((_, index) => {
    const replica = `replica-${index + 1}`;
    return { ...loaded, name: `${documentName}-${replica}`, replica };
  });
}

function missingAlarms(deployed: readonly DeployedDocument[], config: EnvironmentConfig): string[] {
  const read = deployed.flatMap(({ document, content, replica = '' }) => {
    const names = fillIn(alarmsRead(content), { Environment: config.name, Server: replica });
    return names.map((alarm) => ({ file: document.file, alarm }));
  });
  if (read.length === 0) return [];
  const existing = alarmNames(config);
  return read
    .filter(({ alarm }) => !existing.includes(alarm))
    .map(({ file, alarm }) => `${file}.yaml reads the alarm ${alarm}, which alerts.yml does not give ${config.name}`);
}
