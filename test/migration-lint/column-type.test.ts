import { loadModule, parseSync, type ParseResult, type TypeName } from 'libpg-query';
import type { Client } from 'pg';
import { widens } from '../../lib/migration-lint/column-type';
import { MigrationServer } from '../support/database/migration-server';

let server: MigrationServer;
let client: Client;
beforeAll(async () => {
  await loadModule();
  server = await MigrationServer.start();
  ({ client } = await server.freshDatabase());
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.dispose();
});

function parsedType(type: string): TypeName {
  const node = (parseSync(`SELECT NULL::${type}`) as ParseResult).stmts?.[0]?.stmt;
  const target = node && 'SelectStmt' in node ? node.SelectStmt.targetList?.[0] : undefined;
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (!value || !('TypeCast' in value) || !value.TypeCast.typeName) throw new Error(`${type} is no type`);
  return value.TypeCast.typeName;
}

/** Whether PostgreSQL rewrites a table when the type of its column changes. */
async function isRewritten(from: string, to: string): Promise<boolean> {
  const file = async () =>
    (await client.query<{ file: number }>("SELECT pg_relation_filenode('t') AS file")).rows[0]?.file;
  await client.query(`CREATE TABLE t (c ${from}); INSERT INTO t VALUES (NULL)`);
  const before = await file();
  await client.query(`ALTER TABLE t ALTER c TYPE ${to}`);
  const after = await file();
  await client.query('DROP TABLE t');
  return before !== after;
}

test.each([
  ['varchar(50)', 'varchar(60)'],
  ['varchar(50)', 'varchar(50)'],
  ['varchar(50)', 'varchar(40)'],
  ['varchar(50)', 'varchar'],
  ['varchar(50)', 'text'],
  ['varchar', 'text'],
  ['text', 'varchar'],
  ['text', 'varchar(9)'],
  ['text', 'char(9)'],
  ['char(9)', 'char(10)'],
  ['numeric(8,2)', 'numeric(9,2)'],
  ['numeric(8,2)', 'numeric(9,3)'],
  ['numeric(8,2)', 'numeric(7,2)'],
  ['numeric(8)', 'numeric(9)'],
  ['numeric(8,2)', 'numeric'],
  ['numeric', 'numeric(8,2)'],
  ['timestamp(3)', 'timestamp(6)'],
  ['timestamp(3)', 'timestamp'],
  ['timestamptz(3)', 'timestamptz(0)'],
  ['time(3)', 'time(4)'],
  ['varbit(3)', 'varbit(4)'],
  ['int', 'bigint'],
  ['int', 'int'],
  ['varchar(5)[]', 'varchar(5)[]'],
  ['varchar(5)[]', 'text[]'],
  ['json', 'jsonb'],
])('PostgreSQL and the lint agree whether the rows stay as they are: %s to %s', async (from, to) => {
  expect(await isRewritten(from, to)).toBe(!widens(parsedType(from), parsedType(to)));
});
