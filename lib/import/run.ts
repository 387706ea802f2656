import { formatCount } from '../shared/formats';
import type { Target } from '../shared/connection/target';
import type { ImportWishes, Progress } from './context';
import { cutover, type Switched } from './cutover/cutover';
import { finish } from './finish';
import { makePlan, type Plan } from './plan/plan';
import { planText } from './plan/text';
import { back } from './reverse/back';
import { withSides } from './session';
import { start } from './start';
import { type Status, status, statusText } from './status';

/** A step of an import. */
export type Step = 'plan' | 'start' | 'status' | 'cutover' | 'back' | 'finish';

/** What a step found or did. */
export interface StepResult {
  /** For people. */
  readonly text: string;
  readonly json: Plan | Status | Switched | { readonly sentence: string };
  readonly ok: boolean;
}

/** All that a step needs. */
export interface StepInput {
  readonly from: Target;
  readonly to: Target;
  readonly wishes: ImportWishes;
  readonly onProgress: Progress;
}

/**
 * Runs one step. Each may be killed at any time and run again.
 * @throws Error with a sentence that says what is wrong, and whether the source is writable where that may have changed
 */
export async function runStep(step: Step, input: StepInput): Promise<StepResult> {
  try {
    return await runWithSides(step, input);
  } catch (error) {
    throw lostSession(error) ? new Error(LOST[step](error as Error), { cause: error }) : error;
  }
}

/** SQLSTATEs of class 08 and 57P, and the driver's words for a connection that ended. */
function lostSession(error: unknown): boolean {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  return (
    /^(08|57P|ECONN|EPIPE)/.test(code) ||
    /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(message)
  );
}

const lost = (end: string) => (error: Error) =>
  `the session with one of the databases was lost (${error.message}); ${end}`;

/** What to do after a lost session; while writes are stopped the step itself says more. */
const LOST: Readonly<Record<Step, (error: Error) => string>> = {
  plan: lost('nothing was changed; run plan again when both are back'),
  status: lost('run status again when both are back'),
  start: lost('the source stays writable, and no row is lost; run start again when both are back'),
  cutover: lost('run status when both are back: it says which one is writable; then run cutover again'),
  back: lost('run status when both are back: it says which one is writable; then run back again'),
  finish: lost('run finish again when both are back'),
};

function runWithSides(step: Step, { from, to, wishes, onProgress }: StepInput): Promise<StepResult> {
  return withSides(from, to, { readOnly: step === 'plan' }, async (sides) => {
    const context = { ...sides, wishes, onProgress };
    switch (step) {
      case 'plan': {
        const { plan } = await makePlan(sides, wishes);
        return { text: planText(plan), json: plan, ok: plan.ok };
      }
      case 'status': {
        const found = await status(context);
        return { text: statusText(found), json: found, ok: found.ok };
      }
      case 'start':
        return done(await start(context));
      case 'cutover':
        return switchedResult(await cutover(context));
      case 'back':
        return switchedResult(await back(context));
      case 'finish':
        return done(await finish(context));
    }
  });
}

function switchedResult(switched: Switched): StepResult {
  const { sentence, writesStoppedSeconds, rows, endedSessions = [] } = switched;
  const lines = [
    ...(writesStoppedSeconds === undefined
      ? []
      : [
          `${writesStoppedSeconds.toFixed(1)} s without writes; ${formatCount(rows ?? 0)} rows are equal on both sides`,
        ]),
    ...endedSessions.map((who) => `ended: ${who}`),
    sentence,
  ];
  return { text: lines.join('\n'), json: switched, ok: true };
}

function done(sentence: string): StepResult {
  return { text: sentence, json: { sentence }, ok: true };
}
