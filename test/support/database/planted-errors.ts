import { inspect } from 'node:util';
import { PLANTS } from '../../../lib/rehearsal/log-search/planted-statements';

const { password, token, phone, text } = PLANTS;

/** Statements that fail, of ten classes of SQLSTATEs, each with a planted value in what PostgreSQL says about it. */
export const PLANTED_ERRORS: readonly (readonly [sqlState: string, sql: string])[] = [
  ['0A000', `SELECT * FROM "${phone}".public.planted`],
  ['22P02', `SELECT '${text}'::integer`],
  ['23502', `CREATE TABLE planted (v text NOT NULL, t text); INSERT INTO planted VALUES (NULL, '${token}')`],
  ['23505', `CREATE TABLE planted (v text PRIMARY KEY); INSERT INTO planted VALUES ('${phone}'), ('${phone}')`],
  ['23514', `CREATE TABLE planted (v text CHECK (v = '')); INSERT INTO planted VALUES ('${text}')`],
  // RAISE fills the fields that otherwise name a constraint.
  [
    '23000',
    `DO $$ BEGIN RAISE 'no' USING ERRCODE = '23000', TABLE = '${phone}', COLUMN = '${text}', CONSTRAINT = '${token}'; END $$`,
  ],
  ['26000', `EXECUTE "${token}"`],
  ['2BP01', `CREATE TABLE planted (v text); CREATE VIEW "${text}" AS SELECT * FROM planted; DROP TABLE planted`],
  ['34000', `FETCH FROM "${phone}"`],
  ['3F000', `CREATE TABLE "${phone}".planted ()`],
  ['42601', `SELECT 'x' '${password}'`],
  ['42703', `SELECT "${token}" FROM pg_class`],
  ['42704', `ALTER ROLE "${phone}" PASSWORD '${password}'`],
  ['55000', `CREATE SEQUENCE "${token}"; SELECT currval('"${token}"')`],
  ['P0001', `DO $$ BEGIN RAISE EXCEPTION 'customer ${phone}' USING DETAIL = '${token}', HINT = '${text}'; END $$`],
];

/** The plants in anything that a function says: a text, an error with all its fields and causes, a row. */
export function plantsIn(told: unknown): string[] {
  const shown =
    typeof told === 'string' ? told : inspect(told, { depth: null, showHidden: true, maxStringLength: null });
  return Object.values(PLANTS).filter((plant) => shown.includes(plant));
}
