import type { Client } from 'pg';
import type { Break } from '../../../lib/rehearsal/restore/broken-copies';
import { type CopyCheck, tryBrokenCopies } from '../../../lib/rehearsal/restore/try-broken-copies';

const BREAK: Break = { broken: 'an index is invalid', damage: 'damage', repair: 'repair', names: 'invalid: i' };

/** A database that only remembers what ran in it. */
function database(): { statements: string[]; session: Client } {
  const statements: string[] = [];
  const session = { query: (sql: string) => Promise.resolve(void statements.push(sql)) } as unknown as Client;
  return { statements, session };
}

/** A check that gives one answer after another. */
function check(name: string, ...answers: (string | undefined)[]): CopyCheck {
  return { name, refusal: () => Promise.resolve(answers.shift()) };
}

test('a copy counts as refused when every check names what is broken', async () => {
  const { session, statements } = database();
  const checks = [check('drill', 'indexes are invalid: i', undefined), check('test', 'x; invalid: i', undefined)];
  expect(await tryBrokenCopies(session, [BREAK], checks)).toEqual({
    brokenCopies: [{ broken: 'an index is invalid', refused: true, reason: 'indexes are invalid: i' }],
  });
  expect(statements).toEqual(['damage', 'repair']);
});

test.each([
  ['accepts it', undefined, 'test accepts it'],
  ['refuses it for another reason', 'not connected', 'test refuses it for another reason: not connected'],
])('a copy does not when one of them %s', async (_, answer, reason) => {
  const checks = [check('drill', 'invalid: i'), check('test', answer)];
  expect(await tryBrokenCopies(database().session, [BREAK], checks)).toEqual({
    brokenCopies: [{ broken: 'an index is invalid', refused: false, reason }],
  });
});

test('an intact copy that is refused at the end is reported', async () => {
  const checks = [check('drill', 'invalid: i', 'bookings has 0 rows')];
  expect(await tryBrokenCopies(database().session, [BREAK], checks)).toMatchObject({
    intactRefused: 'drill: bookings has 0 rows',
  });
});

test('a copy is repaired also when a check cannot be carried out', async () => {
  const { session, statements } = database();
  const failing = { name: 'drill', refusal: () => Promise.reject(new Error('no bundle')) };
  await expect(tryBrokenCopies(session, [BREAK], [failing])).rejects.toThrow('no bundle');
  expect(statements).toEqual(['damage', 'repair']);
});
