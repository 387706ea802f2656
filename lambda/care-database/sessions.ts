import type { Client } from 'pg';
import { connect } from '../../lib/contract/database-client';
import { CARE_USER } from '../../lib/contract/roles';
import type { CaredServer, CareDatabaseSettings } from './env';

/** How the function logs in. */
export interface LoginOptions {
  readonly settings: CareDatabaseSettings;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  /** Password of CARE_USER on a server; on AWS an IAM token. */
  readonly password: (server: CaredServer) => Promise<string>;
}

/** Sessions of one run, each opened when it is first needed: a replica that is down fails only what asks it. */
export class Sessions {
  private readonly open = new Map<string, Promise<Client>>();

  constructor(private readonly options: LoginOptions) {}

  /**
   * The session on the primary.
   * @throws the driver's error when the log-in fails
   */
  primary(): Promise<Client> {
    const [primary] = this.options.settings.servers;
    if (!primary) throw new Error('SERVERS names no server; the stack sets it');
    return this.on(primary);
  }

  /**
   * A session on every server, the primary's first.
   * @throws the driver's error when a log-in fails
   */
  all(): Promise<Client[]> {
    return Promise.all(this.options.settings.servers.map((server) => this.on(server)));
  }

  async end(): Promise<void> {
    for (const session of this.open.values()) await session.then((client) => client.end()).catch(() => undefined);
    this.open.clear();
  }

  private on(server: CaredServer): Promise<Client> {
    const session = this.open.get(server.name) ?? this.login(server);
    this.open.set(server.name, session);
    return session;
  }

  private async login(server: CaredServer): Promise<Client> {
    const { settings, ca, password } = this.options;
    return connect({
      host: server.host,
      port: server.port,
      database: settings.database,
      user: CARE_USER,
      password: await password(server),
      ca,
      applicationName: 'care',
      connectTimeoutMs: 10_000,
    });
  }
}
