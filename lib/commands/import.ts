import { type Command, Option } from 'commander';
import type { AddressInput } from '../import/addresses';
import { addHelpNotes, jsonOption, numberFrom } from './console/options';
import { action, type Outcome } from './console/output';

const STEPS = ['plan'] as const;
type Step = (typeof STEPS)[number];

interface ImportOptions {
  readonly step: Step;
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
  readonly checkSeconds: number;
  readonly json?: boolean;
}

/** `npm run import` */
export function configure(command: Command): void {
  command
    .description('Moves a database of PostgreSQL 13 to 17 into this one, with seconds of downtime and a way back.')
    .argument('<step>', `plan: say what will happen, read-only; ${STEPS.join(', ')}`)
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
  command
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
    .option('--check-seconds <number>', 'longest time for one check of the rows', numberFrom(1, 3600), 60)
    .addOption(jsonOption())
    .action((step: string, options: Omit<ImportOptions, 'step'>) => action(run)({ ...options, step: step as Step }));
  addHelpNotes(command, {
    example:
      'npm run import -- plan --from postgres://postgres@10.0.0.5:5432/whatsapp_saas --to postgres://database_admin@…:5432/whatsapp_saas?sslmode=verify-full',
    succeeds: 'the step is done; plan: nothing stands in the way',
    fails:
      'something stands in the way, or the step failed; the last lines say what to do and whether the source is writable',
  });
}

function address(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable).makeOptionMandatory();
}

async function run(options: ImportOptions): Promise<Outcome> {
  if (!(STEPS as readonly string[]).includes(options.step))
    throw new Error(`${options.step} is no step of an import; allowed: ${STEPS.join(', ')}`);
  const { readAddress, readHostPort } = await import('../import/addresses');
  const { withSides } = await import('../import/session');
  const { makePlan } = await import('../import/plan/plan');
  const { planText } = await import('../import/plan/text');
  const from = await readAddress(sideOf('from', options), readSecret);
  const to = await readAddress(sideOf('to', options), readSecret);
  const sourceAddress =
    options.sourceAddress === undefined ? from : readHostPort(options.sourceAddress, '--source-address');
  const { plan } = await withSides(from, to, { readOnly: true }, (sides) =>
    makePlan(sides, { ...options, sourceAddress }),
  );
  return { text: planText(plan), json: plan, ok: plan.ok };
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
