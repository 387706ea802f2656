import type { Command } from 'commander';
import { addHelpNotes, jsonOption, numberFrom } from './console/options';
import { action, type Outcome } from './console/output';

interface ReadinessOptions {
  readonly url: string;
  readonly passwordFile?: string;
  readonly minimum?: number;
}

/** `npm run readiness` */
export function configure(command: Command): void {
  command
    .description(
      'Scores how ready a PostgreSQL database is for production, from 0 to 10, with the reasons and what to do. It only reads, in read-only transactions with short timeouts, and prints no password.',
    )
    .requiredOption(
      '--url <address>',
      'the database, as postgres://user@host:5432/database?sslmode=verify-full; others on this machine can see a password in it, so put that into PGPASSWORD or a file',
    )
    .option('--password-file <file>', 'file with the password in its first line')
    .option('--minimum <number>', 'least score, 0 to 10', numberFrom(0, 10))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run readiness -- --url postgres://postgres@localhost:5432/whatsapp_saas --minimum 8',
    succeeds: 'the database was scored, and the score is at least the minimum, where one is given',
    fails: 'the score is below the minimum, or nobody can log in',
  });
}

async function run({ url, passwordFile, minimum }: ReadinessOptions): Promise<Outcome> {
  const { readTarget } = await import('../shared/connection/target');
  const { logIn } = await import('../readiness/log-in');
  const { assess } = await import('../readiness/assess');
  const { readinessText } = await import('../readiness/text');
  const readiness = await assess(await logIn(readTarget(url, passwordFile)), new Date());
  const ok = minimum === undefined || readiness.score >= minimum;
  const verdict = minimum === undefined ? [] : [`       ${ok ? 'at least' : 'below'} the minimum of ${minimum}`];
  return {
    text: [readinessText(readiness), ...verdict].join('\n'),
    json: { ...readiness, minimum: minimum ?? null, ok },
    ok,
  };
}
