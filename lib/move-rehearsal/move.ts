import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportWishes, Progress } from '../import/context';
import type { Plan } from '../import/plan/plan';
import { runStep, type Step } from '../import/run';
import type { Status } from '../import/status';
import type { Target } from '../shared/connection/target';
import { bareCopySeconds } from './bare-copy';
import { checksums, differing } from './checksums';
import type { MoveReport } from './report';
import { Writers } from './writers';

/** What is moved, and where. */
export interface Move {
  /** As the superuser: the way back needs one. */
  readonly from: Target;
  /** Migrated and empty; as a user that may subscribe. */
  readonly to: Target;
  readonly onProgress: Progress;
  /** Runs the steps of the import, with something beside them. Default: only the steps. */
  readonly watched?: (steps: () => Promise<MoveReport>) => Promise<MoveReport>;
}

/** Time in which clients write to the other side before they are stopped, milliseconds. */
const AFTERWARDS_MS = 500;
/** Longest wait until the last changes have flowed, milliseconds. */
const FLOW_MS = 20_000;
const STATUS_MS = 100;
const GIB = 1024 ** 3;

/**
 * Moves a database by the import's own steps, with clients that write all the time, and back again. The source is writable afterwards, and the
 * import has ended.
 * @throws Error with a sentence when a step of the import fails
 */
export async function rehearseMove(move: Move): Promise<MoveReport> {
  const { from, to, watched = (steps) => steps() } = move;
  const rows = await plannedRows(move);
  const writers = new Writers([from, to]);
  try {
    // Before others log in to the target, because it is copied as a template.
    const baselineSeconds = await bareCopySeconds(from, to);
    return await watched(() => moveThereAndBack(move, writers, { rows, baselineSeconds }));
  } finally {
    await writers.stop();
  }
}

async function moveThereAndBack(
  move: Move,
  writers: Writers,
  known: Pick<MoveReport, 'rows' | 'baselineSeconds'>,
): Promise<MoveReport> {
  const { to } = move;
  const times = await copyTimes(move);
  const lagSeconds = await worstLag(move);
  writers.mark();
  await step('cutover', move);
  await sleep(AFTERWARDS_MS);
  const { acknowledged, longestPauseSeconds } = await writers.stop();
  const there = { ...known, ...times, lagSeconds, downtimeSeconds: longestPauseSeconds, acknowledged };
  return { ...there, lost: (await writers.lost(to)).length, ...(await moveBack(move, writers)) };
}

async function moveBack(
  move: Move,
  first: Writers,
): Promise<Pick<MoveReport, 'checksumsDiffer' | 'backDowntimeSeconds' | 'backAcknowledged' | 'backLost'>> {
  const { from, to } = move;
  const tables = await differingTables(from, to);
  const writers = new Writers([to, from], { prefix: 'back' });
  try {
    await sleep(AFTERWARDS_MS);
    writers.mark();
    await step('back', move);
    await sleep(AFTERWARDS_MS);
    const { acknowledged, longestPauseSeconds } = await writers.stop();
    const lost = [...(await first.lost(from)), ...(await writers.lost(from))];
    await step('finish', move);
    return {
      checksumsDiffer: tables.length,
      backDowntimeSeconds: longestPauseSeconds,
      backAcknowledged: acknowledged,
      backLost: lost.length,
    };
  } finally {
    await writers.stop();
  }
}

async function plannedRows(move: Move): Promise<number> {
  const { json, text, ok } = await step('plan', move);
  if (!ok) throw new Error(`the import cannot begin: ${text}`);
  return (json as Plan).tables.reduce((sum, { rows }) => sum + rows, 0);
}

/** The most that the target is behind while the application writes, in a few looks. */
async function worstLag(move: Move): Promise<number> {
  let worst = 0;
  for (let waited = 0; waited < AFTERWARDS_MS; waited += STATUS_MS) {
    const { stream } = (await step('status', move)).json as Status;
    worst = Math.max(worst, stream?.lagSeconds ?? 0);
    await sleep(STATUS_MS);
  }
  return worst;
}

/** Tables that differ once nobody writes; what is still on its way has time to arrive. */
async function differingTables(from: Target, to: Target): Promise<string[]> {
  const wanted = await checksums(to);
  const deadline = Date.now() + FLOW_MS;
  for (;;) {
    const tables = differing(await checksums(from), wanted);
    if (tables.length === 0 || Date.now() > deadline) return tables;
    await sleep(STATUS_MS);
  }
}

/** The line with which an import says that the rows are there. */
const COPIED = /^all rows are copied/;

/** Starts the import, and tells the copy of the rows from what comes after it: indexes, and the changes since. */
async function copyTimes(move: Move): Promise<Pick<MoveReport, 'copySeconds' | 'indexSeconds'>> {
  const started = performance.now();
  let copied: number | undefined;
  const onProgress = (line: string) => {
    if (COPIED.test(line)) copied = performance.now();
    move.onProgress(line);
  };
  await step('start', { ...move, onProgress });
  const ended = performance.now();
  return { copySeconds: ((copied ?? ended) - started) / 1000, indexSeconds: (ended - (copied ?? ended)) / 1000 };
}

function step(name: Step, { from, to, onProgress }: Move) {
  const wishes: ImportWishes = {
    method: 'logical',
    wayBack: true,
    leaveOut: [],
    sourceAddress: from,
    targetAddress: to,
    checkSeconds: 20,
    slotLimitBytes: GIB,
    writesStoppedSeconds: 20,
  };
  return runStep(name, { from, to, wishes, onProgress });
}
