import type { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Client } from 'pg';
import { createHandler as createDrill } from '../../../lambda/drill';
import type { DrillSettings } from '../../../lambda/drill/env';
import { createHandler as createCheck } from '../../../lambda/drill-check';
import type { Copies } from '../../../lambda/drill-check/env';
import { TABLE_RECOVERY } from '../../../lib/contract/drill/kinds';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { ageMigrations } from '../../../lib/rehearsal/restore/restore-data';
import {
  type Execution,
  type LocalStateMachine,
  type PublishedNotification,
} from '../../../lib/rehearsal/restore/state-machine';
import { Clock, FakeRds } from './fake-rds';
import { DATABASE } from '../database/migrated-cluster';

/** Password of every role that a drill logs in as. */
export const ROLE_PASSWORD = 'role-password';

/** Settings of a drill's function as the stack makes them. */
export const DRILL_SETTINGS: DrillSettings = {
  environment: 'production',
  source: { instanceId: 'the-primary' },
  restore: {
    instanceClass: 'db.t4g.large',
    fullInstanceClass: 'db.r6g.xlarge',
    subnetGroup: 'subnets',
    parameterGroup: 'parameters',
    securityGroupIds: ['sg-1'],
    engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
    timeoutMinutes: 60,
  },
};

/**
 * Gives the roles of a drill a password; on RDS they log in with tokens. Moves the migrations into the past, because drills compare only
 * what is older than a minute.
 */
export async function letDrillIn(admin: Client): Promise<void> {
  for (const role of ['drill_user', 'readonly_user', 'metrics_user', 'recovery_user']) {
    await admin.query(`ALTER ROLE ${role} PASSWORD '${ROLE_PASSWORD}'`);
  }
  await ageMigrations(admin);
}

/** Runs the synthesized state machine of a drill with the real handlers and a scripted RDS; a promoted replica is the restored instance. */
export class DrillRig {
  readonly clock = new Clock(new Date());
  readonly rds: FakeRds;
  readonly notifications: PublishedNotification[] = [];
  /** The last published value of each metric. */
  readonly published: Record<string, number> = {};
  /** Errors of the next calls of SNS, one for each call; later calls succeed. */
  readonly snsFaults: Error[] = [];
  /** How often the restored instance refuses log-ins before it accepts one. */
  refusedLogins = 0;
  /** The table that drills copy. */
  table = 'messages';

  constructor(
    private readonly machine: LocalStateMachine,
    private readonly cluster: Cluster,
  ) {
    const restored = cluster.replicas[0];
    if (!restored) throw new Error('the cluster has no replica; the rig needs one that is promoted');
    this.rds = new FakeRds(this.clock, { host: restored.host, port: restored.port });
    this.rds.add({
      DBInstanceIdentifier: 'the-primary',
      DBInstanceStatus: 'available',
      BackupRetentionPeriod: 35,
      InstanceCreateTime: new Date(this.clock.now().getTime() - 90 * 86_400_000),
      LatestRestorableTime: new Date(this.clock.now().getTime() - 120_000),
    });
  }

  run(input: object = {}, name = 'execution'): Promise<Execution> {
    const tasks = {
      functions: {
        drill: this.drill(),
        'drill-check': this.check({ kept: false, table: this.table }),
        [TABLE_RECOVERY]: this.check({ kept: true }),
      },
      publish: (notification: PublishedNotification) => {
        const fault = this.snsFaults.shift();
        if (fault) return Promise.reject(fault);
        this.notifications.push(notification);
        return Promise.resolve();
      },
    };
    return this.machine.run(input, tasks, { name, startedAt: this.clock.now(), msPerSecond: 0 });
  }

  private drill() {
    return createDrill({
      settings: { ...DRILL_SETTINGS, table: this.table },
      rds: this.rds,
      cloudWatch: {
        send: (command: unknown) => {
          for (const { MetricName = '', Values = [] } of (command as PutMetricDataCommand).input.MetricData ?? []) {
            this.published[MetricName] = Values[0] ?? NaN;
          }
          return Promise.resolve({});
        },
      },
      now: this.clock.now,
    });
  }

  private check(copies: Copies) {
    const { host, port } = this.cluster.primary;
    return createCheck({
      settings: { database: DATABASE, source: { host, port }, copies },
      ca: this.cluster.ca,
      password: () => {
        const password = this.refusedLogins > 0 ? 'not-yet' : ROLE_PASSWORD;
        this.refusedLogins -= 1;
        return Promise.resolve(password);
      },
      now: this.clock.now,
    });
  }
}
