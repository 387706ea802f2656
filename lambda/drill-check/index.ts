import { Signer } from '@aws-sdk/rds-signer';
import type { Client } from 'pg';
import { connect } from '../../lib/contract/database-client';
import {
  type CheckStep,
  type Connected,
  type Recovered,
  type StepEvent,
  StepError,
  type Validated,
} from '../../lib/contract/drill-state';
import { logger } from '../shared/logger';
import { readRdsCa } from '../shared/rds-ca';
import { type ServerAddress, type DrillCheckSettings, readEnv } from './env';
import { recoverTable } from './recover';
import type { CheckRole } from '../../lib/contract/roles';
import { describe, validate } from './validate';

/** What only AWS can give: replaced in the rehearsal, where the servers and everything else are real. */
export interface DrillCheckDependencies {
  readonly settings: DrillCheckSettings;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  /** On AWS an IAM token. */
  readonly password: (role: CheckRole, server: ServerAddress) => Promise<string>;
  readonly now: () => Date;
}

type Handler = (event: StepEvent<CheckStep>) => Promise<Connected | Validated | Recovered>;

/** The steps of a drill that log in to the restored database, and to the source beside it. */
export function createHandler({ settings, ca, password, now }: DrillCheckDependencies): Handler {
  const login = async (role: CheckRole, server: ServerAddress): Promise<Client> =>
    connect({
      ...server,
      database: settings.database,
      user: role,
      password: await password(role, server),
      ca,
      applicationName: 'restore drill',
      connectTimeoutMs: 10_000,
    });

  async function withSession<T>(
    role: CheckRole,
    server: ServerAddress,
    work: (session: Client) => Promise<T>,
  ): Promise<T> {
    const session = await login(role, server);
    try {
      return await work(session);
    } finally {
      await session.end().catch(() => undefined);
    }
  }

  const steps: Record<CheckStep, (server: ServerAddress, event: StepEvent<CheckStep>) => ReturnType<Handler>> = {
    connect: async (server) => {
      try {
        await withSession('drill_user', server, (session) => session.query('SELECT 1'));
      } catch (error) {
        throw new StepError('NotConnected', `${server.host} does not let drill_user in (${describe(error)})`);
      }
      return { at: now().toISOString() };
    },
    validate: async (server) => {
      const withRole = <T>(role: CheckRole, work: (session: Client) => Promise<T>) => withSession(role, server, work);
      return withRole('drill_user', (restored) =>
        settings.source
          ? withSession('drill_user', settings.source, (source) => validate({ restored, source, withRole }, now))
          : validate({ restored, source: undefined, withRole }, now),
      );
    },
    recover: async (server, { execution, state: { target } }) => {
      const { source: primary } = settings;
      if (!primary)
        throw new StepError('TableNotRecovered', 'the source is in another region; recover the table there');
      const order = { table: target?.table ?? '', execution, keep: target?.keepTable === true };
      return withSession('recovery_user', server, (restored) =>
        withSession('recovery_user', primary, (source) => recoverTable({ restored, source }, order)),
      );
    },
  };

  return async (event) => {
    logger.info('step', { step: event.step, execution: event.execution });
    const { host, port } = event.state.instance ?? {};
    if (host === undefined || port === undefined) {
      throw new Error('the restored instance has no address in the state; the state machine is at fault');
    }
    try {
      return await steps[event.step]({ host, port }, event);
    } catch (error) {
      if (error instanceof StepError) throw error;
      // By its code alone: PostgreSQL's messages may quote data.
      const name = event.step === 'recover' ? 'TableNotRecovered' : 'ValidationFailed';
      throw new StepError(name, `a session failed with ${describe(error)}`);
    }
  };
}

let run: Handler | undefined;

/** Entry point in AWS. */
export const handler: Handler = (event) => {
  run ??= createHandler(awsDependencies());
  return run(event);
};

function awsDependencies(): DrillCheckDependencies {
  const { region, caFile, ...settings } = readEnv();
  return {
    settings,
    ca: readRdsCa(caFile),
    password: (role, { host, port }) => new Signer({ hostname: host, port, region, username: role }).getAuthToken(),
    now: () => new Date(),
  };
}
