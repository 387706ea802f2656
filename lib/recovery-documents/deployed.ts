import type { EnvironmentConfig } from '../config/schema/environment';
import { type RecoveryDocument, RECOVERY_DOCUMENTS, type Need } from './entries';
import { readDocument } from './content';

/** A document as an environment has it. */
export interface DeployedDocument {
  readonly document: RecoveryDocument;
  /** Its name in Systems Manager. */
  readonly name: string;
  /** The replica that it is about, such as `replica-1`. */
  readonly replica?: string;
}

/** What a person needs to know of a document to start it. */
export interface StartInstructions {
  readonly name: string;
  /** What it does, in its own words. */
  readonly does: string;
  /** The call of the AWS CLI that starts it; in angle brackets what the person must fill in. */
  readonly command: string;
  /** Alerts that it may help with. */
  readonly alerts: readonly string[];
}

/** The documents of an environment: those that make sense for what it has. */
export function deployedDocuments(config: EnvironmentConfig): DeployedDocument[] {
  const has: Record<Need, boolean> = {
    backups: config.database.backupRetentionDays > 0,
    replicas: config.replicas.length > 0,
    standby: config.database.multiAz,
    proxy: config.proxy !== undefined,
    'no proxy': config.proxy === undefined,
    drills: config.drills !== undefined,
  };
  return RECOVERY_DOCUMENTS.filter(({ needs }) => needs.every((need) => has[need])).flatMap((document) => {
    const name = `${config.name}-${document.name}`;
    if (!document.perReplica) return [{ document, name }];
    return config.replicas.map((_, i) => ({ document, name: `${name}-replica-${i + 1}`, replica: `replica-${i + 1}` })); // prettier-ignore
  });
}

/** The documents of an environment for people. */
export function startInstructions(config: EnvironmentConfig): StartInstructions[] {
  return deployedDocuments(config).map(({ document, name, replica }) => {
    const { description, parameters } = readDocument(document.file);
    const [does = ''] = description.split('\n\n');
    const values = Object.entries(parameters).map(
      ([parameter, { default: usual, allowedValues }]) =>
        `${parameter}=${String(usual ?? allowedValues?.[0] ?? `<${parameter}>`)}`,
    );
    const given = values.length > 0 ? ` --parameters "${values.join(',')}"` : '';
    return {
      name,
      does: does
        .replaceAll('${Environment}', config.name)
        .replaceAll('${Server}', replica ?? '')
        .replace(/\s+/g, ' ')
        .trim(),
      command: `aws ssm start-automation-execution --document-name ${name}${given}`,
      alerts: document.alerts,
    };
  });
}
