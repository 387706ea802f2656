import { moveFailures, type MoveReport } from '../../lib/move-rehearsal/report';
import { GOOD_MOVE } from './good-move';

// The move itself is part of the whole rehearsal of production (test/rehearsal/whole).
test.each<[Partial<MoveReport>, string]>([
  [{ lost: 1 }, 'the import lost 1 acknowledged rows'],
  [{ backLost: 2 }, 'the way back of the import lost 2 acknowledged rows'],
  [{ checksumsDiffer: 1 }, '1 tables differ by checksum after the import'],
  [{ downtimeSeconds: 5 }, 'the cutover of the import left clients without writes for 5.0 s; expected: under 5 s'],
  [{ backDowntimeSeconds: 7 }, 'the way back of the import left clients without writes for 7.0 s; expected: under 5 s'],
  [
    { copySeconds: 4.1 },
    'the import copied the rows in 4.1 s, a bare COPY in 2.0 s; expected: at most 2 times as long',
  ],
])('%j is not what an import promises', (change, failure) => {
  expect(moveFailures(GOOD_MOVE)).toEqual([]);
  expect(moveFailures({ ...GOOD_MOVE, ...change })).toEqual([failure]);
});
