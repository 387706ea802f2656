import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadAlerts } from '../lib/monitoring/alerts';
import { compile } from '../lib/monitoring/compiler/compile';
import { compileContext } from '../lib/monitoring/context';
import { ledgerMarkdown, withLedger } from '../lib/monitoring/ledger';
import { METRIC_SOURCES } from '../lib/monitoring/sources/metric-sources';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../lib/config';
import { run } from './run';

const USAGE = `npm run ledger [-- --environment <name>] [--json | --check <file> | --write <file>]

What became of every rule of lib/monitoring/alerts.yml in an environment: the translation ledger.
  --environment  ${ENVIRONMENT_NAMES.join(', ')}; default production
  --json         as JSON instead of a table
  --check        whether the table between the markers of a file is this one
  --write        puts the table there
Exit code 0: printed, equal or written; 1: the table in the file is another, or a rule does not translate.`;

run(() => {
  const { values } = parseArgs({
    options: {
      environment: { type: 'string', default: 'production' },
      json: { type: 'boolean' },
      check: { type: 'string' },
      write: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE);
  const environment = ENVIRONMENT_NAMES.find((name) => name === values.environment);
  if (!environment)
    throw new Error(`--environment is "${values.environment}"; allowed: ${ENVIRONMENT_NAMES.join(', ')}`);
  const { ledger } = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment(environment)));

  const file = values.check ?? values.write;
  if (file === undefined) return say(values.json ? JSON.stringify(ledger, undefined, 2) : ledgerMarkdown(ledger));
  const found = readFileSync(file, 'utf8');
  const wanted = withLedger(found, ledger);
  if (found === wanted) return say(`${file} has the ledger as it is`);
  if (values.check !== undefined) {
    throw new Error(`${file} has another ledger than lib/monitoring/alerts.yml; run npm run ledger -- --write ${file}`);
  }
  writeFileSync(file, wanted);
  return say(`${file} has the ledger now`);
});

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
