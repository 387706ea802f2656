import { join } from 'node:path';
import { MIGRATIONS_FOLDER } from '../../lib/contract/files';
import { readMigrations } from '../../lib/contract/migrations';
import { TABLES } from '../../lib/contract/tables';
import { parseSql } from '../../lib/migration-lint/parse';

test('the tables are those that the migrations make and do not drop', async () => {
  const tables = new Set<string>();
  for (const { sql } of readMigrations(join(__dirname, '../../lambda', MIGRATIONS_FOLDER))) {
    for (const { node } of await parseSql(sql)) {
      if ('CreateStmt' in node) tables.add(node.CreateStmt.relation?.relname ?? '');
      // A migration that drops or renames a table has to be understood here first.
      expect('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE').toBe(false);
      expect('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TABLE').toBe(false);
    }
  }
  expect([...tables]).toEqual([...TABLES]);
});
