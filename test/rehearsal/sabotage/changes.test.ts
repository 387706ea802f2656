import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/cli';
import { changed } from './change';
import { CHANGES } from './changes';

test.each(CHANGES)('$what: the text that it changes is there', (change) => {
  const content = readFileSync(join(ROOT, change.file), 'utf8');
  expect(changed(content, change)).not.toBe(content);
});

test('a text that is gone, or stands twice, is an error', () => {
  const change = { what: 'x', file: 'f', find: 'a', replace: 'b', says: /x/ };
  expect(() => changed('c', change)).toThrow('x: f has no a');
  expect(() => changed('a a', change)).toThrow('x: f has a twice');
  expect(changed('a x a', { ...change, after: 'x' })).toBe('a x b');
});
