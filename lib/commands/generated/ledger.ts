import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type EnvironmentName, loadEnvironment } from '../../config';
import { addHelpNotes, environmentOption, jsonOption } from '../console/options';
import { action, type Outcome } from '../console/output';

interface LedgerOptions {
  readonly environment: EnvironmentName;
  readonly check?: string;
  readonly write?: string;
}

/** `npm run ledger` */
export function configure(command: Command): void {
  command
    .description(
      'Shows the translation ledger: what every rule of lib/monitoring/alerts.yml becomes in an environment.',
    )
    .addOption(environmentOption('the environment to translate for').default('production'))
    .addOption(
      new Option('--check <file>', 'only report whether a file, such as lib/monitoring/LEDGER.md, has this ledger'),
    )
    .addOption(new Option('--write <file>', 'write the ledger to a file').conflicts('check'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run ledger -- --environment dev --json',
    succeeds: 'printed, up to date or written',
    fails: 'the file has another ledger, or a rule does not translate',
  });
}

async function run({ environment, check, write }: LedgerOptions): Promise<Outcome> {
  const { loadAlerts } = await import('../../monitoring/alerts');
  const { compile } = await import('../../monitoring/compiler/compile');
  const { compileContext } = await import('../../monitoring/context');
  const { ledgerFile, ledgerMarkdown } = await import('../../monitoring/ledger');
  const { METRIC_SOURCES } = await import('../../monitoring/sources/metric-sources');
  const { ledger } = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment(environment)));

  const file = check ?? write;
  if (file === undefined) return { text: ledgerMarkdown(ledger), json: ledger, ok: true };
  const wanted = ledgerFile(environment);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted)
    return { text: `${file} is up to date`, json: { file, state: 'up to date' }, ok: true };
  if (check !== undefined) {
    const text = `${file} has another ledger than lib/monitoring/alerts.yml; run "npm run ledger -- --write ${file}"`;
    return { text, json: { file, state: 'stale' }, ok: false };
  }
  writeFileSync(file, wanted);
  return { text: `${file} is written`, json: { file, state: 'written' }, ok: true };
}
