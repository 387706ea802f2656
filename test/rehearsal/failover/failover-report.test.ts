import { chooseReplica } from '../../../lib/rehearsal/failover/choose-replica';
import {
  type FailoverReport,
  failoverFailures,
  summarizeFailover,
} from '../../../lib/rehearsal/failover/failover-report';
import { longestGapMs } from '../../../lib/rehearsal/failover/load';
import { holdsWithin, untilHolds } from '../../../lib/rehearsal/failover/until';

const GOOD: FailoverReport = {
  killed: 'primary',
  replicas: [
    { name: 'replica-1', received: '0/9000000' },
    { name: 'replica-2', received: '0/A000000' },
  ],
  promoted: 'replica-2',
  secondsToPromote: 0.2,
  secondsToFirstWrite: 0.25,
  secondsToSecondReplica: 0.4,
  secondsToRebuild: 2.5,
  acknowledged: 2000,
  lost: 3,
  acknowledgedAfterwards: 900,
  lostAfterwards: 0,
  heartbeatsAfterwards: 900,
  heartbeatGapSeconds: 0.3,
  fenced: true,
  rebuilt: true,
  behind: [],
  unusedSlots: 0,
  notRehearsed: [],
};

test('positions are compared as numbers, the first half before the second', () => {
  const chosen = (...received: string[]) =>
    chooseReplica(received.map((each, i) => ({ name: String(i), received: each }))).name;
  expect(chosen('0/9000000', '0/A000000')).toBe('1');
  expect(chosen('0/10000000', '0/9000000')).toBe('0');
  expect(chosen('2/0', '10/0', '1/FFFFFFFF')).toBe('1');
  expect(chosen('0/9000000', '0/9000000')).toBe('0');
  expect(() => chosen()).toThrow('there is no replica to promote');
});

test('lost rows are counted and no failure', () => {
  expect(failoverFailures(GOOD)).toEqual([]);
  expect(summarizeFailover(GOOD)).toContain('3 of 2000 acknowledged rows lost');
});

test.each<[Partial<FailoverReport>, string]>([
  [{ promoted: 'replica-1' }, 'replica-1 was promoted although replica-2 had received more of the WAL of primary'],
  [{ lost: 2000 }, 'every row that primary acknowledged is lost, so that replica-2 had not received anything'],
  [{ acknowledged: 0 }, 'no row was acknowledged before primary was killed, so that nothing could be lost'],
  [{ lostAfterwards: 2 }, '2 rows that replica-2 acknowledged as primary are missing'],
  [{ heartbeatsAfterwards: 0 }, 'replica-2 got no heartbeat as primary'],
  [{ fenced: false }, 'primary accepted the application after it was fenced, so that there were two primaries'],
  [{ rebuilt: false }, 'primary was not rebuilt as a replica of replica-2'],
  [{ behind: ['replica-1'] }, 'replica-1 does not follow the new primary replica-2'],
  [{ unusedSlots: 1 }, 'replica-2 has 1 replication slots that no replica uses'],
])('%j is a failure', (change, sentence) => expect(failoverFailures({ ...GOOD, ...change })).toEqual([sentence]));

test('the summary says what Multi-AZ does instead, and times only of what happened', () => {
  const text = summarizeFailover({ ...GOOD, multiAz: 'a standby takes over', secondsToSecondReplica: undefined });
  expect(text).toContain('replica-2 promoted after 0.20 s, first write after 0.25 s');
  expect(text).toContain('on AWS a standby takes over');
  expect(text).not.toContain('the other replica follows');
});

test('the longest gap is between two writes; of none and of one there is none', () => {
  const gap = (...times: number[]) => longestGapMs(times.map((atMs) => ({ atMs })));
  expect([gap(), gap(5), gap(1, 2, 7, 8)]).toEqual([0, 0, 5]);
});

test('every wait ends, and says what did not happen', async () => {
  expect(await holdsWithin(0.02, () => false)).toBe(false);
  expect(await holdsWithin(1, () => Promise.resolve(true))).toBe(true);
  await expect(untilHolds(0.02, 'replica-1 did not follow', () => false)).rejects.toThrow(
    'replica-1 did not follow within 0.02 s',
  );
});
