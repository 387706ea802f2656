import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A migration in Prisma's layout: `<timestamp>_<name>/migration.sql`. */
export interface Migration {
  /** The folder's name. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly checksum: string;
}

/**
 * Reads all migrations of a folder, ordered by name.
 * @throws Error when there is none, a folder has a wrong name, or its file is missing or empty
 */
export function readMigrations(folder: string): Migration[] {
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
  if (names.length === 0)
    throw new Error(`the folder ${folder} is missing or has no migrations; the bundle must contain them`);
  return names.sort().map((name) => readMigration(folder, name));
}

function readMigration(folder: string, name: string): Migration {
  if (!/^\d{14}_[a-z0-9_]+$/.test(name)) {
    throw new Error(
      `migration folder "${name}" is misnamed; allowed: <14 digits>_<name in lower case>, as Prisma writes it`,
    );
  }
  const file = join(folder, name, 'migration.sql');
  const sql = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (sql.toString().trim() === '')
    throw new Error(`${name}/migration.sql is missing or empty; each migration needs one`);
  return { name, sql: sql.toString(), checksum: createHash('sha256').update(sql).digest('hex') };
}
