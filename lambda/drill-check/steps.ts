import {
  type CheckStep,
  type Connected,
  type Recovered,
  type StepEvent,
  StepError,
  type StepErrorName,
  type Validated,
} from '../../lib/contract/drill-state';
import { DRILL_USER, RECOVERY_USER } from '../../lib/contract/roles';
import { errorCode } from '../shared/errors';
import type { ServerAddress } from './env';
import { recoverTable } from './recover';
import type { WithSession } from './sessions';
import { validate, type ValidationSessions } from './validate';

/** One call of a step. */
interface StepCall {
  readonly event: StepEvent<CheckStep>;
  /** The restored instance. */
  readonly restored: ServerAddress;
  /** The server that the backups are of; undefined when it is in another region. */
  readonly source: ServerAddress | undefined;
  readonly withSession: WithSession;
  readonly now: () => Date;
}

/** What each step adds to the state of the drill. */
interface StepResults {
  readonly connect: Connected;
  readonly validate: Validated;
  readonly recover: Recovered;
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
  restored: server,
  source: sourceServer,
  withSession,
  now,
}: StepCall): Promise<Validated> {
  const withRole: ValidationSessions['withRole'] = (role, work) => withSession(role, server, work);
  return withRole(DRILL_USER, (restored) =>
    sourceServer
      ? withSession(DRILL_USER, sourceServer, (source) => validate({ restored, source, withRole }, now))
      : validate({ restored, source: undefined, withRole }, now),
  );
}

async function recover({ event, restored: server, source: sourceServer, withSession }: StepCall): Promise<Recovered> {
  if (!sourceServer) {
    throw new StepError('TableNotRecovered', 'the source is in another region; recover the table there');
  }
  const { target } = event.state;
  const order = { table: target?.table ?? '', execution: event.execution, keep: target?.keepTable === true };
  return withSession(RECOVERY_USER, server, (restored) =>
    withSession(RECOVERY_USER, sourceServer, (source) => recoverTable({ restored, source }, order)),
  );
}
