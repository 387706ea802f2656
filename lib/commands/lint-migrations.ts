import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { readMigrations } from '../contract/migrations';
import { addHelpNotes, jsonOption } from './console/options';
import { action, type Outcome } from './console/output';
import { PROJECT_ROOT } from '../shared/project-root';

const FOLDER = join(PROJECT_ROOT, 'lambda/migrations');

interface LintOptions {
  readonly folder: string;
}

/** `npm run lint:migrations` */
export function configure(command: Command): void {
  command
    .description(
      'Refuses migrations that would lock a table in use, or break the version of the application that still runs.',
    )
    .addOption(new Option('--folder <folder>', 'folder of the migrations').default(FOLDER, 'lambda/migrations'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run lint:migrations',
    succeeds: 'no finding',
    fails: 'a migration is refused, and each finding is a line',
  });
}

async function run({ folder }: LintOptions): Promise<Outcome> {
  const { describeFinding, lintMigrations } = await import('../migration-lint/lint');
  const migrations = readMigrations(folder);
  const findings = await lintMigrations(migrations);
  const summary = `${migrations.length} migrations, ${findings.length} findings`;
  return {
    text: [...findings.map(describeFinding), summary].join('\n'),
    json: { migrations: migrations.length, findings },
    ok: findings.length === 0,
  };
}
