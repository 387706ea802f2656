import type { MoveReport } from '../../lib/move-rehearsal/report';

/** A move that holds everything that is promised of one. */
export const GOOD_MOVE: MoveReport = {
  rows: 200_000,
  copySeconds: 3,
  indexSeconds: 2,
  baselineSeconds: 2,
  lagSeconds: 0,
  downtimeSeconds: 1,
  acknowledged: 1000,
  lost: 0,
  checksumsDiffer: 0,
  backDowntimeSeconds: 1,
  backAcknowledged: 1000,
  backLost: 0,
};
