import { byRole } from '../../../lib/rehearsal/privileges/by-role';
import type { ProbedAction } from '../../../lib/rehearsal/privileges/probe';

test('outcomes are listed by the role that tried the action', () => {
  const actions = [
    { group: 'Reading', action: 'read salons', outcomes: { app_user: 'allowed', care_user: 'refused' }, surprises: [] },
    {
      group: 'Reading',
      action: 'read tokens',
      outcomes: { app_user: 'undecided', care_user: 'refused' },
      surprises: [],
    },
  ] as unknown as ProbedAction[];
  expect(byRole(actions)).toEqual([
    { role: 'app_user', allowed: ['Reading: read salons'], refused: 0, undecided: ['Reading: read tokens'] },
    { role: 'care_user', allowed: [], refused: 2, undecided: [] },
  ]);
  expect(byRole([])).toEqual([]);
});
