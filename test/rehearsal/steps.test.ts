import { Steps } from '../../lib/rehearsal/steps';

let lines: string[];
let steps: Steps;
beforeEach(() => {
  lines = [];
  steps = new Steps((line) => lines.push(line));
});

test('a step returns what its action returns, and is measured', async () => {
  expect(await steps.run('counting', () => Promise.resolve(3))).toBe(3);
  expect(await steps.run('adding', () => Promise.resolve(4), { line: 'adding three numbers' })).toBe(4);
  expect(lines).toEqual(['counting', 'adding three numbers']);
  expect(steps.finished).toEqual([
    { name: 'counting', seconds: expect.any(Number) as number },
    { name: 'adding', seconds: expect.any(Number) as number },
  ]);
});

test('an error names its step and keeps its cause', async () => {
  const cause = new Error('relation "salons" does not exist');
  await expect(steps.run('counting', () => Promise.reject(cause))).rejects.toMatchObject({
    message: 'counting: relation "salons" does not exist',
    cause,
  });
});

test('a step that never ends fails with its limit', async () => {
  await expect(steps.run('waiting', () => new Promise(() => undefined), { limitSeconds: 0.02 })).rejects.toThrow(
    'waiting: did not end within 0.02 s',
  );
});
