import {
  type CheckStep,
  type Connected,
  type SweptCopies,
  type Recovered,
  type StepEvent,
  StepError,
  type StepErrorName,
  type Validated,
} from '../../lib/contract/drill/state';
import { RESTORE_TEST_SELECTION_DAYS } from '../../lib/contract/drill/kinds';
import { DRILL_USER, RECOVERY_USER } from '../../lib/contract/roles';
import { errorCode } from '../shared/errors';
import type { DataReach } from '../shared/restored-database/decide';
import type { Copies, ServerAddress } from './env';
import { sweepCopies, recoverTable } from './recover';
import type { WithSession } from './sessions';
import { validate, type ValidationSessions } from './validate';

/** Also the tolerance of a drill: RestoreDrillRecoveryPointOld notifies of less, and a drill that lacks more has not the data of its moment. */
const HOUR_MS = 3_600_000;

/** One call of a step. */
interface StepCall {
  readonly event: StepEvent<CheckStep>;
  /** The restored instance. */
  readonly restored: ServerAddress;
  /** The server that the backups are of; undefined when it is in another region. */
  readonly source: ServerAddress | undefined;
  /** Copies that this function makes. Default: none. */
  readonly copies?: Copies;
  readonly withSession: WithSession;
  readonly now: () => Date;
}

/** What each step adds to the state of the drill. */
interface StepResults {
  readonly connect: Connected;
  readonly validate: Validated;
  readonly recover: Recovered;
  readonly 'sweep-copies': SweptCopies;
}

/** A step: its work, and the name of the StepError for an error of a session. */
interface Step<Result> {
  readonly run: (call: StepCall) => Promise<Result>;
  readonly failure: StepErrorName;
}

/** The steps of a drill that log in to the restored instance, and to the source. */
export const STEPS: { readonly [Name in CheckStep]: Step<StepResults[Name]> } = {
  connect: { run: connectOnce, failure: 'NotConnected' },
  validate: { run: validateRestored, failure: 'ValidationFailed' },
  recover: { run: recover, failure: 'TableNotRecovered' },
  'sweep-copies': { run: sweep, failure: 'TableNotRecovered' },
};

async function connectOnce({ restored, withSession, now }: StepCall): Promise<Connected> {
  try {
    await withSession(DRILL_USER, restored, (session) => session.query('SELECT 1'));
  } catch (error) {
    throw new StepError('NotConnected', `${restored.host} does not let ${DRILL_USER} in (${errorCode(error)})`);
  }
  return { at: now().toISOString() };
}

async function validateRestored({
  event,
  restored: server,
  source: sourceServer,
  withSession,
  now,
}: StepCall): Promise<Validated> {
  const reach = reachOf(event);
  const withRole: ValidationSessions['withRole'] = (role, work) => withSession(role, server, work);
  return withRole(DRILL_USER, (restored) =>
    sourceServer
      ? withSession(DRILL_USER, sourceServer, (source) => validate({ restored, source, withRole }, reach, now))
      : validate({ restored, source: undefined, withRole }, reach, now),
  );
}

/** A drill knows the moment that it restores; the restore test of AWS Backup only that its snapshot is one of the last days. */
function reachOf({ startedAt, state: { target } }: StepEvent): DataReach {
  return target
    ? { at: new Date(target.wantedAt), toleranceMs: HOUR_MS }
    : { at: new Date(startedAt), toleranceMs: (RESTORE_TEST_SELECTION_DAYS + 1) * 24 * HOUR_MS };
}

async function recover(call: StepCall): Promise<Recovered> {
  const { event, restored: server, source: sourceServer, copies, withSession } = call;
  if (!sourceServer || !copies) {
    throw new StepError('TableNotRecovered', 'this function copies no tables; the source may be in another region');
  }
  const table = copies.kept ? (event.state.target?.table ?? '') : copies.table;
  const order = { table, execution: event.execution, keep: copies.kept };
  return withSession(RECOVERY_USER, server, (restored) =>
    withSession(RECOVERY_USER, sourceServer, (source) => recoverTable({ restored, source }, order)),
  );
}

async function sweep({ source, withSession }: StepCall): Promise<SweptCopies> {
  if (!source) return { overdue: [] };
  return withSession(RECOVERY_USER, source, async (session) => ({ overdue: await sweepCopies(session) }));
}
