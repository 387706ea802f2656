import type { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Client } from 'pg';
import { createHandler as createDrill } from '../../../lambda/drill';
import type { DrillSettings } from '../../../lambda/drill/env';
import { createHandler as createCheck } from '../../../lambda/drill-check';
import type { DrillInput } from '../../../lib/contract/drill-state';
import type { Cluster } from '../../../lib/local-postgres/cluster';
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

/** Lets the roles of a drill log in with a password where RDS takes tokens. */
export async function letDrillIn(admin: Client): Promise<void> {
  for (const role of ['drill_user', 'readonly_user', 'metrics_user', 'recovery_user']) {
    await admin.query(`ALTER ROLE ${role} PASSWORD '${ROLE_PASSWORD}'`);
  }
}

/** A drill of the synthesized state machine: the real handlers, a scripted RDS, a primary and a promoted replica as its copy. */
export class DrillRig {
  readonly clock = new Clock(new Date());
  readonly rds: FakeRds;
  readonly notifications: PublishedNotification[] = [];
  /** Values of the last one published of each metric. */
  readonly published: Record<string, number> = {};
  /** What SNS answers, one for each call; after them it takes all. */
  readonly snsFaults: Error[] = [];
  /** How often the copy refuses log-ins before it lets anybody in. */
  refusedLogins = 0;

  constructor(
    private readonly machine: LocalStateMachine,
    private readonly cluster: Cluster,
  ) {
    const copy = cluster.replicas[0];
    if (!copy) throw new Error('the rig needs a cluster with a replica, promoted');
    this.rds = new FakeRds(this.clock, { host: copy.host, port: copy.port });
    this.rds.add({
      DBInstanceIdentifier: 'the-primary',
      DBInstanceStatus: 'available',
      BackupRetentionPeriod: 35,
      InstanceCreateTime: new Date(this.clock.now().getTime() - 90 * 86_400_000),
      LatestRestorableTime: new Date(this.clock.now().getTime() - 120_000),
    });
  }

  run(input: DrillInput | object = {}, name = 'execution'): Promise<Execution> {
    const tasks = {
      functions: { drill: this.drill(), 'drill-check': this.check() },
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
      settings: DRILL_SETTINGS,
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

  private check() {
    const { host, port } = this.cluster.primary;
    return createCheck({
      settings: { database: DATABASE, source: { host, port } },
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
