import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles, ROOT } from './files';
import { WORDS } from './words';

const TEXT = /\.(md|ts|mjs|cjs|ya?ml|sql|prisma)$/;
/** Lists the words themselves. */
const EXEMPT = 'test/project/words.ts';

const lines = projectFiles()
  .filter((file) => TEXT.test(file) && file !== EXEMPT && !file.includes('__snapshots__'))
  .flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .map((text, index) => ({ at: `${file}:${index + 1}`, text })),
  );

test.each(WORDS)('nothing says $avoid; write: $write', ({ avoid }) => {
  expect(lines.filter(({ text }) => avoid.test(text)).map(({ at, text }) => `${at}: ${text.trim()}`)).toEqual([]);
});
