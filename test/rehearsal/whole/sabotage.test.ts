import { WHOLE_MS } from '../../support/rehearsal-run';
import { CHANGES } from '../sabotage/changes';
import { rehearseChanged } from '../sabotage/rehearse-changed';

jest.setTimeout(WHOLE_MS);

/** Of each kind one that a rehearsal sees early. All of them: npm run test:sabotage. */
const SAMPLE = [
  'HighMessageFailureRate: a threshold 1.3 times as high',
  'alarms without actions',
  'a rule for other events',
  'a replica lets clients in without TLS',
  'readonly_user may read access tokens',
  'paging alarms that notify another topic',
];

test('a rehearsal fails and names what was changed for the worse', async () => {
  const changes = CHANGES.filter(({ what }) => SAMPLE.includes(what));
  expect(changes).toHaveLength(SAMPLE.length);
  // Two at a time, on two processors.
  const verdicts = await Promise.all(
    [0, 1].map(async (half) => {
      const seen = [];
      for (const change of changes.filter((_, i) => i % 2 === half)) seen.push(await rehearseChanged(change));
      return seen;
    }),
  );
  expect(verdicts.flat().filter(({ seen }) => !seen)).toEqual([]);
});
