import type { EnvironmentConfig } from '../config/schema/environment';
import type { DocumentContent } from './content-schema';
import { deployedDocuments } from './deployed';
import { fillIn } from './fill-in';

/** Tag of an execution, with the environment as its value: the approver may signal only executions that have it. */
export const EXECUTION_TAG = 'whatsapp-saas:recovery';

/** How a person starts a recovery document. */
export interface StartInstructions {
  /** Name of the document in Systems Manager. */
  readonly name: string;
  /** What it does: the first paragraph of its description. */
  readonly does: string;
  /** The command of the AWS CLI that starts it. Text in angle brackets is for the person to fill in. */
  readonly command: string;
  /** Alerts whose pages name it. */
  readonly alerts: readonly string[];
}

/**
 * How to start each recovery document of an environment.
 * @throws Error when the first paragraph of a description uses a placeholder other than Environment and Server
 */
export function startInstructions(config: EnvironmentConfig): StartInstructions[] {
  return deployedDocuments(config).map(({ document, content, name, replica = '' }) => {
    const [paragraph = ''] = content.description.split('\n\n');
    const { does } = fillIn({ does: paragraph }, { Environment: config.name, Server: replica });
    return {
      name,
      does: does.replace(/\s+/g, ' ').trim(),
      command: `aws ssm start-automation-execution --document-name ${name} --tags Key=${EXECUTION_TAG},Value=${config.name}${parametersOf(content)}`,
      alerts: document.alerts,
    };
  });
}

/** Every parameter with its default, else its first allowed value, else its name in angle brackets. */
function parametersOf({ parameters }: DocumentContent): string {
  const values = Object.entries(parameters).map(
    ([name, { default: byDefault, allowedValues }]) =>
      `${name}=${String(byDefault ?? allowedValues?.[0] ?? `<${name}>`)}`,
  );
  return values.length > 0 ? ` --parameters "${values.join(',')}"` : '';
}
