import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ENVIRONMENT_NAMES } from '../lib/config';
import { RunFolder } from '../lib/local-postgres/run-folder';
import { rehearse } from '../lib/rehearsal/rehearse';
import { summarize } from '../lib/rehearsal/summary';
import { run } from './run';

// The handlers' own log lines belong to Lambda; POWERTOOLS_LOG_LEVEL=INFO shows them.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';

const USAGE = `npm run rehearse [-- --environment <name>] [--report <folder>] [--json]

Rehearses an environment on this machine, on real PostgreSQL 15 and without an AWS account.
  --environment      ${ENVIRONMENT_NAMES.join(', ')}; default production
  --report           folder of rehearsal.json; default rehearsal
  --restore-size-gb  data that the restore has, 0.1 to 20; its time is then compared with a copy's. Takes eight times
                     as much disk. Default: a few rows
  --json             print rehearsal.json, too
Exit code 0: all that is promised holds; 1: something does not, and why is the last line.`;

run(async () => {
  const { values } = parseArgs({
    options: {
      environment: { type: 'string', default: 'production' },
      report: { type: 'string', default: 'rehearsal' },
      'restore-size-gb': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE, 0);
  const environment = ENVIRONMENT_NAMES.find((name) => name === values.environment);
  if (!environment)
    throw new Error(`--environment is "${values.environment}"; allowed: ${ENVIRONMENT_NAMES.join(', ')}`);
  const restoreSizeGb = sizeOf(values['restore-size-gb']);

  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1).padStart(5);
  const folder = new RunFolder();
  try {
    const onProgress = (line: string) => process.stderr.write(`${seconds()} s  ${line}\n`);
    const report = await rehearse({ environment, restoreSizeGb, folder, onProgress });
    mkdirSync(values.report, { recursive: true });
    const file = join(values.report, 'rehearsal.json');
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    const text = values.json
      ? JSON.stringify(report, undefined, 2)
      : [...summarize(report), `report: ${file}`].join('\n');
    return say(text, report.ok ? 0 : 1);
  } finally {
    folder.dispose();
  }
});

function sizeOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const size = Number(value);
  if (!(size >= 0.1 && size <= 20)) throw new Error(`--restore-size-gb is "${value}"; allowed: 0.1 to 20`);
  return size;
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
