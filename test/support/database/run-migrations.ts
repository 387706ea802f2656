import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { connect, type ConnectOptions } from '../../../lib/contract/database-client';

/** A migration run as a process of its own, which a test can kill: `run-migrations.ts <ConnectOptions as JSON> <folder>`. */
async function main([options = '', folder = '']: string[]): Promise<void> {
  const client = await connect(JSON.parse(options) as ConnectOptions);
  await runMigrations(client, readMigrations(folder));
  await client.end();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
