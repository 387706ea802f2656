import { CLI_SDKS, inputNames } from './sdk-model';

/** Commands of services that CLI_SDKS lacks, from the AWS CLI Command Reference. Look a new one up there and add it. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  account: ['enable-region'],
  chatbot: ['describe-slack-workspaces'],
  configservice: ['describe-configuration-recorder-status'],
  ec2: ['describe-network-interfaces'],
  elasticache: [
    'copy-snapshot',
    'create-replication-group',
    'describe-cache-engine-versions',
    'describe-events',
    'describe-replication-groups',
    'describe-snapshots',
    'modify-user',
    'reboot-cache-cluster',
  ],
  freetier: ['get-account-plan-state'],
  kms: ['cancel-key-deletion', 'enable-key', 'schedule-key-deletion'],
  pi: ['get-resource-metrics'],
  scheduler: ['get-schedule', 'list-schedules'],
  sqs: ['list-queues', 'purge-queue', 'receive-message'],
  sso: ['login'],
  s3: ['cp'],
};

/** Commands that the CLI makes of several calls. */
const COMPOSED = ['logs tail'];

/** Inputs that have another name in the CLI (AWS CLI Command Reference). */
const RENAMED: Readonly<Record<string, string>> = { 'sns subscribe endpoint': 'notification-endpoint' };

/** Options of every command. */
const GLOBAL_OPTIONS = ['query', 'output', 'region', 'max-items', 'cli-binary-format'];

/** One call of the AWS CLI in a page. */
export interface AwsCommand {
  readonly page: string;
  readonly text: string;
}

/** Every call of the AWS CLI in a page: lines of code and inline code that begin with `aws `, with lines continued by a backslash joined. */
export function awsCommandsOf(page: string, markdown: string): AwsCommand[] {
  const joined = markdown.replace(/\\\n\s*/g, ' ');
  const lines = [...joined.matchAll(/^[ ]+(aws .*)$|^(aws .*)$/gm)].map((match) => match[1] ?? match[2] ?? '');
  const inline = [...joined.matchAll(/`(aws [^`]*)`/g)].map((match) => (match[1] ?? '').replace(/\s+/g, ' '));
  return [...lines, ...inline].map((text) => ({ page, text }));
}

/** The fault of a call, in a sentence; undefined when its service, command and options exist. */
export function awsCommandFault({ page, text }: AwsCommand): string | undefined {
  const [, service = '', command = '', waiter = ''] = text.split(/\s+/);
  const sdk = CLI_SDKS[service];
  if (COMPOSED.includes(`${service} ${command}`)) return undefined;
  const says = (reason: string) => `${page}: "${text}": ${reason}`;
  if (!sdk) {
    if (OTHERS[service]?.includes(command)) return undefined;
    return says(`aws ${service} ${command} is not among the known commands`);
  }
  if (command === 'wait') {
    const known = Object.keys(sdk).map((name) => /^waitUntil(.*)$/.exec(name)?.[1]);
    return known.some((name) => name && kebab(name) === waiter)
      ? undefined
      : says(`${service} has no waiter ${waiter}`);
  }
  const name = Object.keys(sdk).find((each) => each.endsWith('Command') && `${command}-command` === kebab(each));
  if (!name) return says(`${service} has no command ${command}`);
  const inputs = inputNames(service, name.replace(/Command$/, '')) ?? [];
  const known = [
    ...GLOBAL_OPTIONS,
    ...inputs.map(kebab).map((option) => RENAMED[`${service} ${command} ${option}`] ?? option),
  ];
  const unknown = [...text.matchAll(/(?<=\s)--([a-z0-9-]+)/g)]
    .map(([, option = '']) => option)
    .filter((option) => !known.includes(option) && !known.includes(option.replace(/^no-/, '')));
  return unknown.length === 0 ? undefined : says(`${command} has no option --${unknown.join(', --')}`);
}

/** A name of the API as the CLI spells it: DBInstanceIdentifier → db-instance-identifier. */
function kebab(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
