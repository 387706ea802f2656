import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readMigrations } from '../lib/contract/migrations';
import { describeFinding, lintMigrations } from '../lib/migration-lint/lint';
import { run } from './run';

const USAGE = `npm run lint:migrations [-- --folder <folder>]

Refuses what would lock a table that the application uses, or break the version of it that still runs.
  --folder   folder of the migrations; default lambda/migrations
Exit code 0: nothing to refuse; 1: something is.`;

run(async () => {
  const { values } = parseArgs({ options: { folder: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) return print(USAGE, true);
  const migrations = readMigrations(values.folder ?? join(__dirname, '../lambda/migrations'));
  const findings = await lintMigrations(migrations);
  const summary = `${migrations.length} migrations, ${findings.length} findings`;
  return print([...findings.map(describeFinding), summary].join('\n'), findings.length === 0);
});

function print(text: string, ok: boolean): number {
  process.stdout.write(`${text}\n`);
  return ok ? 0 : 1;
}
