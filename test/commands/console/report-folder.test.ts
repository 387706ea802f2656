import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportFolder } from '../../../lib/commands/console/report-folder';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'report-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('makes the folder and writes the report', () => {
  const file = new ReportFolder(join(folder, 'a/b'), 'run.json').write({ ok: true });
  expect([file, readFileSync(file, 'utf8')]).toEqual([join(folder, 'a/b/run.json'), '{\n  "ok": true\n}\n']);
});

test('the report of an earlier run is deleted, and nothing else', () => {
  writeFileSync(join(folder, 'run.json'), '{"ok": true}');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  new ReportFolder(folder, 'run.json');
  expect([existsSync(join(folder, 'run.json')), existsSync(join(folder, 'notes.txt'))]).toEqual([false, true]);
});

test('what an earlier run wrote beside the report is deleted too', () => {
  writeFileSync(join(folder, 'run.html'), 'old');
  new ReportFolder(folder, 'run.json', 'run.html');
  expect(existsSync(join(folder, 'run.html'))).toBe(false);
});

test.each(['file', 'file/below'])('--report %s is refused with a sentence', (path) => {
  writeFileSync(join(folder, 'file'), 'mine');
  expect(() => new ReportFolder(join(folder, path), 'run.json')).toThrow(
    `--report ${join(folder, path)} is a file, or below one; allowed: a folder, which may not exist yet`,
  );
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
});

test('a folder that nothing can be written to is refused with a sentence', () => {
  expect(() => new ReportFolder('/sys/report', 'run.json')).toThrow(
    /^--report \/sys\/report cannot be written to \(E\w+\); allowed: a folder, which may not exist yet$/,
  );
});
