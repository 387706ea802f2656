import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '../../lib/contract/migrations';
import { runCli } from '../support/cli';
import { NAMES_IN_PRISMAS_ORDER } from '../support/prisma/names';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'migrations-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'migration.sql'), content);
}

test('every folder is a migration, whatever its name, in Prisma’s order', () => {
  for (const name of NAMES_IN_PRISMAS_ORDER.toReversed()) write(name, 'SELECT 1;');
  writeFileSync(join(folder, 'migration_lock.toml'), 'provider = "postgresql"');
  expect(readMigrations(folder).map(({ name }) => name)).toEqual(NAMES_IN_PRISMAS_ORDER);
});

test('a missing or empty file, and a name that would break a log line, are refused', () => {
  write('0_init', ' ');
  expect(() => readMigrations(folder)).toThrow('0_init/migration.sql is missing or empty');
  write('0_a\nb', 'SELECT 1;');
  expect(() => readMigrations(folder)).toThrow('the migration folder "0_a\\nb" has a control character in its name');
});

const SQL = "CREATE TABLE t ();\nCOMMENT ON TABLE t IS 'Äpfel';\n";
const utf16be = Buffer.from(SQL, 'utf16le').swap16();
const BYTES: [name: string, bytes: Buffer, sentence: string][] = [
  [
    'Latin-1',
    Buffer.from(SQL, 'latin1'),
    'is not UTF-8: byte C4 in line 2, as in Latin-1 (Windows-1252); convert it with "iconv -f WINDOWS-1252 -t UTF-8"',
  ],
  ['UTF-8 that is cut off', Buffer.from(`${SQL}-- é`).subarray(0, -1), 'is not UTF-8: byte C3 in line 3'],
  ['UTF-16LE', Buffer.from(`\ufeff${SQL}`, 'utf16le'), 'is UTF-16LE, not UTF-8'],
  ['UTF-16BE', Buffer.concat([Buffer.from('feff', 'hex'), utf16be]), 'is UTF-16BE, not UTF-8'],
  ['UTF-16LE without a mark', Buffer.from(SQL, 'utf16le'), 'is UTF-16LE, not UTF-8'],
  ['UTF-16BE without a mark', utf16be, 'is UTF-16BE, not UTF-8'],
  ['UTF-32LE', Buffer.from('fffe000053000000', 'hex'), 'is UTF-32LE, not UTF-8'],
  ['a NUL', Buffer.from(`${SQL}SELECT '\0';`), 'has a NUL byte in line 3'],
  ['a byte order mark', Buffer.from(`\ufeff${SQL}`), 'begins with a byte order mark (EF BB BF)'],
];
test.each(BYTES)('%s is refused with the file and what to do', (_, bytes, sentence) => {
  write('0_good', SQL);
  write('1_bad', bytes);
  expect(() => readMigrations(folder)).toThrow(`1_bad/migration.sql ${sentence}`);
});

test('text outside of ASCII is read as it is', () => {
  write('0_init', `-- 🐘 \ufffd\n${SQL}`);
  expect(readMigrations(folder)[0]?.sql).toBe(`-- 🐘 \ufffd\n${SQL}`);
});

test('the lint refuses such a file as well', () => {
  write('0_bad', Buffer.from(SQL, 'latin1'));
  const { status, stdout, stderr } = runCli(['lint:migrations', '--folder', folder]);
  expect(`${stdout}${stderr}`).toContain('0_bad/migration.sql is not UTF-8: byte C4 in line 2');
  expect(status).not.toBe(0);
}, 30_000);
