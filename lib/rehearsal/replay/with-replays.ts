import type { AlarmProof } from '../alarms/alarm-proof';
import type { Replay } from './replay-alarms';

/** The proofs of all alarms: those by real faults with the levels that were replayed, and the replays of the others. */
export function withReplays(proofs: readonly AlarmProof[], replays: readonly Replay[]): AlarmProof[] {
  const provoked = new Map(proofs.map((proof) => [proof.alarm, proof]));
  const levels = new Map(replays.map((replay) => [replay.alarm, levelsOf(replay)]));
  return [
    ...proofs.map((proof) => ({ ...proof, ...levels.get(proof.alarm) })),
    ...replays
      .filter(({ alarm }) => !provoked.has(alarm))
      .map((replay) => ({
        ...{ name: replay.name, alarm: replay.alarm, provoked: false },
        fault: `replayed: ${replay.fires}; repaired: ${replay.staysOk}`,
        transitions: replay.transitions,
        seconds: 0,
        alarmSeconds: (replay.minutesToFire ?? 0) * 60,
        ...levelsOf(replay),
      })),
  ];
}

function levelsOf({ fires, staysOk, topics }: Replay): Pick<AlarmProof, 'fires' | 'staysOk' | 'topics'> {
  return { fires, staysOk, topics };
}
