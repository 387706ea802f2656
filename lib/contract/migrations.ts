import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A migration in Prisma's layout: `<name>/migration.sql`. */
export interface Migration {
  /** The folder's name. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly checksum: string;
}

/** A control character, which would break a line of a log in two. */
const CONTROL = /\p{Cc}/u;

/**
 * The order of names in English. Prisma's command line sorts the folders by localeCompare (packages/migrate/src/utils/listMigrations.ts in
 * prisma/prisma), in the language of the machine, and its engine keeps that order (`list_migrations` in prisma-engines,
 * schema-engine/connectors/schema-connector/src/migrations_directory.rs). The language is fixed here, so that every machine agrees.
 */
const byName = new Intl.Collator('en');

/**
 * Reads all migrations of a folder, in Prisma's order: punctuation before digits before letters, lower case before upper case, so that
 * `0_init` comes before `01_init`. As in Prisma, every folder in it is a migration whatever its name.
 * @throws Error when there is none, or a file is missing, empty or not UTF-8
 */
export function readMigrations(folder: string): Migration[] {
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
  if (names.length === 0)
    throw new Error(`the folder ${folder} is missing or has no migrations; the bundle must contain them`);
  return names.sort((a, b) => byName.compare(a, b)).map((name) => readMigration(folder, name));
}

function readMigration(folder: string, name: string): Migration {
  if (CONTROL.test(name)) {
    throw new Error(`the migration folder ${JSON.stringify(name)} has a control character in its name; rename it`);
  }
  const file = join(folder, name, 'migration.sql');
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const fault = encodingFault(bytes);
  if (fault !== undefined) throw new Error(`${name}/migration.sql ${fault}`);
  const sql = bytes.toString();
  if (sql.trim() === '') throw new Error(`${name}/migration.sql is missing or empty; each migration needs one`);
  return { name, sql, checksum: createHash('sha256').update(bytes).digest('hex') };
}

/** Byte order marks by their bytes, hexadecimal, the longer ones first. */
const MARKS: readonly (readonly [hex: string, encoding: string])[] = [
  ['fffe0000', 'UTF-32LE'],
  ['0000feff', 'UTF-32BE'],
  ['fffe', 'UTF-16LE'],
  ['feff', 'UTF-16BE'],
];

/** Why a file cannot be sent to PostgreSQL byte by byte, and what to do; completes a sentence that begins with the file. */
function encodingFault(bytes: Buffer): string | undefined {
  const beginning = bytes.subarray(0, 4).toString('hex');
  if (beginning.startsWith('efbbbf')) {
    return 'begins with a byte order mark (EF BB BF), which PostgreSQL takes for a syntax error; save it as UTF-8 without BOM';
  }
  const encoding = MARKS.find(([hex]) => beginning.startsWith(hex))?.[1] ?? utf16Without(bytes);
  if (encoding !== undefined) {
    return `is ${encoding}, not UTF-8; convert it with "iconv -f ${encoding} -t UTF-8" and leave out a byte order mark`;
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    return `has a NUL byte in line ${lineOf(bytes, nul)}, which no text of PostgreSQL may have; remove it`;
  if (isUtf8(bytes)) return undefined;
  const at = firstInvalid(bytes);
  const hex = bytes
    .subarray(at, at + 1)
    .toString('hex')
    .toUpperCase();
  return `is not UTF-8: byte ${hex} in line ${lineOf(bytes, at)}, as in Latin-1 (Windows-1252); convert it with "iconv -f WINDOWS-1252 -t UTF-8"`;
}

/** UTF-16 without a mark: of ASCII text, which SQL mostly is, every second byte is 0. */
function utf16Without(bytes: Buffer): string | undefined {
  const sample = bytes.subarray(0, 1000);
  const zeros = [0, 1].map((parity) => sample.filter((byte, i) => byte === 0 && i % 2 === parity).length);
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length / 4 && even === 0) return 'UTF-16LE';
  return even > sample.length / 4 && odd === 0 ? 'UTF-16BE' : undefined;
}

/** The position of the first byte that is not UTF-8: where the text that was read, as bytes again, differs. */
function firstInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString());
  return bytes.findIndex((byte, i) => byte !== again[i]);
}

function lineOf(bytes: Buffer, position: number): number {
  return bytes.subarray(0, position).toString('latin1').split('\n').length;
}
