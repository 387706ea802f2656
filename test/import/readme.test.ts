import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { ROOT, runCli } from '../support/cli';
import { addressOf, checksums, PASSWORD, ROWS, run, startSource, startTarget, targetAddress } from './servers';

/** The commands of the chapter, in its order. */
const COMMANDS = [
  ...readFileSync(join(ROOT, 'lib/import/README.md'), 'utf8').matchAll(/^ {4}npm run import -- (.*)$/gm),
].map(([, words = '']) => words.split(' '));

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 17);
  await run(addressOf(source), ROWS);
}, 120_000);
afterAll(() => folder?.dispose());

function command(...words: string[]): { readonly code: number | null; readonly output: string } {
  const { superuser, primary } = target;
  const { status, stdout, stderr } = runCli(['import', ...words], {
    env: {
      IMPORT_FROM: `postgres://postgres@localhost:${source.port}/whatsapp_saas`,
      IMPORT_TO: `postgres://${superuser.user}@localhost:${primary.port}/whatsapp_saas?sslmode=require`,
      IMPORT_FROM_PASSWORD: PASSWORD,
      IMPORT_TO_PASSWORD: superuser.password,
    },
  });
  const output = stdout + stderr;
  for (const secret of [PASSWORD, superuser.password]) expect(output).not.toContain(secret);
  expect(output).not.toMatch(/\n {4}at /);
  return { code: status, output };
}

test('the chapter names every step once, in its order', () => {
  expect(COMMANDS.map((words) => words.join(' '))).toEqual(['plan', 'start', 'status', 'cutover', 'back', 'finish']);
});

test('the chapter leads there and back as written', async () => {
  const said: Record<string, string> = {};
  for (const words of COMMANDS) {
    const { code, output } = command(...words);
    expect([words, code, output]).toEqual([words, 0, expect.any(String)]);
    said[words.join(' ')] = output;
  }
  expect(said['plan']).toMatch(/\nok: nothing stands in the way\n$/);
  expect(said['status']).toMatch(/writes: source open, target closed\n/);
  expect(said['cutover']).toMatch(/\d\.\d s without writes; [\d,]+ rows are equal on both sides\n/);
  expect(said['back']).toMatch(/the source is open again/);
  expect(await checksums(targetAddress(target))).toEqual(await checksums(addressOf(source)));
}, 60_000);

test('a step that does not exist, and one that fails, end with 1 and a sentence', () => {
  expect(command('begin')).toEqual({
    code: 1,
    output: 'begin is no step of an import; allowed: plan, start, status, cutover, back, finish\n',
  });
  expect(command('cutover')).toEqual({
    code: 1,
    output: 'no import was started into this target; begin with the step start\n',
  });
  expect(command('plan', '--json')).toEqual({
    code: 1,
    output: expect.stringMatching(/"id": "target-not-empty"/) as string,
  });
});
