import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { ROOT } from '../support/cli';
import { MASTER } from '../support/database/cluster-seed';
import { testWith } from '../support/installed';
import { addressOf, checksums, PASSWORD, ROWS, run, startSource, startTarget, targetAddress } from './servers';

const tools = ['psql', 'pg_dump', 'pg_restore'];
const testWithDump = testWith(
  tools.every((tool) => spawnSync(tool, ['--version']).status === 0),
  'pg_dump (Debian: apt install postgresql-client)',
);
const [, chapter = ''] = readFileSync(join(ROOT, 'lib/import/README.md'), 'utf8').split(
  '## Without any connection between the two networks',
);
/** The commands of the chapter, in its order. */
const COMMANDS = [...chapter.split('\n## ')[0]!.matchAll(/^ {4}((?:psql|pg_dump|pg_restore|aws) .*)$/gm)].map(
  ([, command = '']) => command,
);

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 15);
  await run(addressOf(source), ROWS);
  // The bucket is a folder here: `aws s3 cp` copies a file into it or out of it.
  const aws = join(folder.path, 'aws');
  writeFileSync(aws, `#!/bin/sh\nset -e\nplace() { echo "$1" | sed 's|^s3://<bucket>/|${folder.path}/bucket-|'; }\n`);
  writeFileSync(aws, 'cp "$(place "$3")" "$(place "$4")"\n', { flag: 'a' });
  chmodSync(aws, 0o755);
}, 120_000);
afterAll(() => folder?.dispose());

/** Runs a command in a shell, at the machine beside one of the databases. */
function shell(command: string, password: string): void {
  const { status, stderr } = spawnSync('sh', ['-c', command.replace('s3://<bucket>', "'s3://<bucket>'")], {
    cwd: folder.path,
    encoding: 'utf8',
    env: {
      PATH: `${folder.path}:${process.env['PATH'] ?? ''}`,
      IMPORT_FROM: `postgres://postgres@localhost:${source.port}/whatsapp_saas`,
      IMPORT_TO: `postgres://${MASTER.user}@localhost:${target.primary.port}/whatsapp_saas?sslmode=require`,
      PGPASSWORD: password,
    },
  });
  expect([command, status, stderr]).toEqual([command, 0, expect.any(String)]);
}

testWithDump('the way through a bucket leads there as written', async () => {
  expect(COMMANDS.map((command) => command.split(' ')[0])).toEqual([
    ...['psql', 'psql', 'pg_dump', 'aws'],
    ...['aws', 'pg_restore', 'psql'],
  ]);
  for (const command of COMMANDS) shell(command, command.includes('IMPORT_TO') ? MASTER.password : PASSWORD);
  expect(await checksums(targetAddress(target))).toEqual(await checksums(addressOf(source)));
  await expect(run(addressOf(source), "DELETE FROM messages WHERE id = 'm1'")).rejects.toMatchObject({ code: '25006' });
});
