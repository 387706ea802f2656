import { type Command, Option } from 'commander';
import type { AddressInput } from '../import/addresses';
import type { ImportWishes } from '../import/context';
import type { Step } from '../import/run';
import type { Target } from '../shared/connection/target';
import { addHelpNotes, jsonOption, numberFrom } from './console/options';
import { action, type Outcome, startProgress } from './console/output';

/** What each step does. */
const STEPS: Readonly<Record<Step, string>> = {
  plan: 'say what will happen and what is in the way, read-only',
  start: 'copy all rows while the source is written, then follow its changes',
  status: 'say how far it is',
  cutover: 'move the writes to the target',
  back: 'move them back to the source, with all that was written since',
  finish: 'end the import',
};

interface ImportOptions {
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly fromPasswordFile?: string;
  readonly toPasswordFile?: string;
  readonly fromSecret?: string;
  readonly toSecret?: string;
  readonly fromPassword?: string;
  readonly toPassword?: string;
  readonly method: 'logical' | 'copy';
  readonly leaveOut: readonly string[];
  readonly wayBack: boolean;
  readonly sourceAddress?: string;
  readonly targetAddress?: string;
  readonly slotLimitGb: number;
  readonly writesStopped: number;
  readonly watch?: boolean;
  readonly checkSeconds: number;
  readonly json?: boolean;
}

/** `npm run import` */
export function configure(command: Command): void {
  command
    .description('Moves a database of PostgreSQL 13 to 17 into this one, with seconds of downtime and a way back.')
    .argument(
      '<step>',
      Object.entries(STEPS)
        .map(([name, what]) => `${name}: ${what}`)
        .join('; '),
    )
    .addOption(
      address(
        '--from <address>',
        'the database to leave, as postgres://user@host:5432/database?sslmode=require',
        'IMPORT_FROM',
      ),
    )
    .addOption(address('--to <address>', 'the database to move to, with the master user', 'IMPORT_TO'));
  for (const side of ['from', 'to']) {
    command
      .option(`--${side}-password-file <file>`, `file with the password of --${side} in its first line`)
      .option(`--${side}-secret <arn>`, `secret of Secrets Manager with the password of --${side}`)
      .addOption(new Option(`--${side}-password <password>`).env(`IMPORT_${side.toUpperCase()}_PASSWORD`).hideHelp());
  }
  addWishes(command)
    .addOption(jsonOption())
    .action((step: string, options: Omit<ImportOptions, 'step'>) => action(run)({ ...options, step }));
  addHelpNotes(command, {
    example:
      'npm run import -- plan --from postgres://postgres@10.0.0.5:5432/whatsapp_saas --to postgres://database_admin@…:5432/whatsapp_saas?sslmode=verify-full',
    succeeds: 'the step is done; plan: nothing stands in the way',
    fails:
      'something stands in the way, or the step failed; the last lines say what to do and whether the source is writable',
  });
}

/** The options that say how an import is wanted. */
function addWishes(command: Command): Command {
  return command
    .addOption(
      new Option('--method <method>', 'logical replication, or a copy in a planned window')
        .choices(['logical', 'copy'])
        .default('logical'),
    )
    .option(
      '--leave-out <name>',
      'a table, or a column as table.column, that stays behind; may be repeated',
      (name, names: string[]) => [...names, name],
      [],
    )
    .option('--no-way-back', 'do without the stream back to the source, and without the step back')
    .option('--source-address <address>', 'the source as the target reaches it, as host:port (default: that of --from)')
    .option('--target-address <address>', 'the target as the source reaches it, as host:port (default: that of --to)')
    .option(
      '--slot-limit-gb <number>',
      'WAL that the source may keep for the stream; beyond it the slot is dropped',
      numberFrom(0.1, 10_000),
      10,
    )
    .option(
      '--writes-stopped <seconds>',
      'longest time without writes in a cutover by replication, before it gives up',
      numberFrom(1, 3600),
      30,
    )
    .option('--watch', 'with status: look every 10 s until Ctrl-C, and drop the slot at its limit')
    .option('--check-seconds <number>', 'longest time for one check of the rows', numberFrom(1, 3600), 60);
}

function address(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable).makeOptionMandatory();
}

async function run(options: ImportOptions): Promise<Outcome> {
  const step = (Object.keys(STEPS) as Step[]).find((name) => name === options.step);
  if (step === undefined)
    throw new Error(`${options.step} is no step of an import; allowed: ${Object.keys(STEPS).join(', ')}`);
  const { readAddress, readHostPort } = await import('../import/addresses');
  const { runStep } = await import('../import/run');
  const from = await readAddress(sideOf('from', options), readSecret);
  const to = await readAddress(sideOf('to', options), readSecret);
  const { method, wayBack, leaveOut, checkSeconds, slotLimitGb } = options;
  const at = (option: '--source-address' | '--target-address', given: string | undefined, { host, port }: Target) =>
    given === undefined ? { host, port } : readHostPort(given, option);
  const wishes: ImportWishes = {
    ...{ method, wayBack, leaveOut, checkSeconds },
    sourceAddress: at('--source-address', options.sourceAddress, from),
    targetAddress: at('--target-address', options.targetAddress, to),
    slotLimitBytes: slotLimitGb * 1e9,
    writesStoppedSeconds: options.writesStopped,
    signal: interrupted(),
  };
  const input = { from, to, wishes, onProgress: startProgress() };
  if (step === 'status' && options.watch) return (await import('../import/watch')).watch(input);
  return runStep(step, input);
}

/** Ctrl-C and a termination end a step at its next safe point; the second Ctrl-C ends it at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => controller.abort(new Error('interrupted')));
  return controller.signal;
}

function sideOf(side: 'from' | 'to', options: ImportOptions): AddressInput {
  const [passwordFile, secret, password] = [
    options[`${side}PasswordFile`],
    options[`${side}Secret`],
    options[`${side}Password`],
  ];
  return {
    option: `--${side}`,
    address: options[side],
    ...(passwordFile !== undefined && { passwordFile }),
    ...(secret !== undefined && { secret }),
    ...(password !== undefined && { password }),
  };
}

/** Asks Secrets Manager with the credentials of the user, in the region of the ARN. */
async function readSecret(arn: string): Promise<string> {
  const region = arn.split(':')[3];
  if (!region)
    throw new Error(`${arn} is no ARN of a secret; allowed: arn:aws:secretsmanager:<region>:<account>:secret:<name>`);
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { SecretString } = await new SecretsManagerClient({ region }).send(
    new GetSecretValueCommand({ SecretId: arn }),
  );
  if (SecretString === undefined)
    throw new Error(`the secret ${arn} has no text; allowed: a password, or JSON with one`);
  return SecretString;
}
