import * as backup from '@aws-sdk/client-backup';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as rds from '@aws-sdk/client-rds';
import * as secretsManager from '@aws-sdk/client-secrets-manager';

type Sdk = Record<string, unknown>;
/** As SDK commands carry their input: a structure's schema has the names of its members at index 4. */
interface SdkCommand {
  readonly schema: readonly [unknown, unknown, unknown, unknown, Member];
}
type Member = StructureSchema | (() => StructureSchema);
type StructureSchema = readonly [unknown, unknown, unknown, unknown, readonly string[]];

/** Services whose commands and options are known here, because their SDK is installed. */
const SDKS: Readonly<Record<string, Sdk>> = { backup, rds, cloudwatch, secretsmanager: secretsManager };

/** Commands of services whose SDK is not installed, from the AWS CLI Command Reference. A new one is looked up there and added. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  cloudtrail: ['lookup-events'],
  ec2: ['describe-network-interfaces'],
  kms: ['cancel-key-deletion', 'enable-key'],
  lambda: ['list-functions'],
  logs: ['tail'],
  pi: ['get-resource-metrics'],
  scheduler: ['list-schedules'],
  sns: ['list-subscriptions-by-topic'],
  sqs: ['list-queues', 'purge-queue', 'receive-message'],
  stepfunctions: ['describe-execution', 'get-execution-history', 'list-executions', 'start-execution'],
  ssm: ['get-parameters-by-path'],
};

/** Options of every command. */
const GLOBAL_OPTIONS = ['query', 'output', 'region', 'max-items'];

/** One call of the AWS CLI in a page. */
export interface AwsCommand {
  readonly page: string;
  readonly text: string;
}

/** Every call of the AWS CLI: lines of code that begin with `aws `, with what a backslash continues, and such inline code. */
export function awsCommandsOf(page: string, markdown: string): AwsCommand[] {
  const joined = markdown.replace(/\\\n\s*/g, ' ');
  const lines = [...joined.matchAll(/^[ ]+(aws .*)$|^(aws .*)$/gm)].map((match) => match[1] ?? match[2] ?? '');
  const inline = [...joined.matchAll(/`(aws [^`]*)`/g)].map((match) => (match[1] ?? '').replace(/\s+/g, ' '));
  return [...lines, ...inline].map((text) => ({ page, text }));
}

/** What is wrong with a call, in a sentence; undefined when the service, its command and its options exist. */
export function awsCommandFault({ page, text }: AwsCommand): string | undefined {
  const [, service = '', command = '', waiter = ''] = text.split(/\s+/);
  const sdk = SDKS[service];
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
  const known = [...GLOBAL_OPTIONS, ...optionsOf(sdk[name] as new (input: object) => SdkCommand)];
  const unknown = [...text.matchAll(/(?<=\s)--([a-z0-9-]+)/g)]
    .map(([, option = '']) => option)
    .filter((option) => !known.includes(option) && !known.includes(option.replace(/^no-/, '')));
  return unknown.length === 0 ? undefined : says(`${command} has no option --${unknown.join(', --')}`);
}

function optionsOf(Command: new (input: object) => SdkCommand): string[] {
  const input = new Command({}).schema[4];
  const structure = typeof input === 'function' ? input() : input;
  return structure[4].map(kebab);
}

/** As the CLI spells the API's names: DBInstanceIdentifier → db-instance-identifier. */
function kebab(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
