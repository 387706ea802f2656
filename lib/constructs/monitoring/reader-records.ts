import { createHash } from 'node:crypto';
import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CnameRecord,
  HealthCheck,
  HealthCheckType,
  type IHealthCheck,
  InsufficientDataHealthStatusEnum,
} from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Compilation, CompiledAlarm } from '../../monitoring/compiler/compiled';
import { serverOf } from '../../monitoring/paging';
import type { Database } from '../database/database';
import type { DatabaseServer } from '../database/database-server';

/** Alerts that remove a replica from the reader's name: it does not answer, or its data is minutes old. */
const UNHEALTHY = ['PostgreSQLDown', 'PostgreSQLReplicationLagCritical'];
/** Time that a resolver may cache the reader's address. RDS advises less than 30 s, for failovers (RDS User Guide, "Best practices"). */
const TTL_SECONDS = 10;

/** Records of the reader's name. */
export interface ReaderRecordsProps {
  readonly database: Database;
  readonly compilation: Compilation;
  /** The alarms of `compilation`, by name. */
  readonly alarms: ReadonlyMap<string, Alarm>;
}

/**
 * One weighted record for each replica, healthy while none of the replica's alarms in UNHEALTHY is in ALARM; the primary where there
 * is no replica. Route 53 cannot connect to private addresses, so each alarm has a health check that follows its metric, and each
 * replica a health check that combines those. When all replicas are unhealthy, Route 53 answers as if all were healthy (Route 53
 * Developer Guide, "How Route 53 chooses records when health checking is configured"). The zone is in the database's stack, the
 * records are in this one: the database's stack must not depend on the alarms.
 */
export class ReaderRecords extends Construct {
  constructor(scope: Construct, id: string, { database, compilation, alarms }: ReaderRecordsProps) {
    super(scope, id);
    checkAlertsExist(compilation);
    const { zone, reader } = database.addresses;
    const replicas = database.servers.slice(1);
    for (const server of replicas.length > 0 ? replicas : database.servers) {
      new CnameRecord(this, server.name, {
        zone,
        recordName: reader,
        domainName: server.instance.dbInstanceEndpointAddress,
        ttl: Duration.seconds(TTL_SECONDS),
        weight: 100,
        setIdentifier: server.name,
        healthCheck: replicas.length > 0 ? this.health(server, compilation.alarms, alarms) : undefined,
      });
    }
  }

  private health(
    { name, identity }: DatabaseServer,
    compiled: readonly CompiledAlarm[],
    alarms: ReadonlyMap<string, Alarm>,
  ): IHealthCheck | undefined {
    const checks = compiled
      .filter((each) => UNHEALTHY.includes(each.alert) && serverOf(each) === name)
      .flatMap((each) => {
        const alarm = alarms.get(each.alarmName);
        return alarm ? [this.follow(each, alarm, identity)] : [];
      });
    if (checks.length === 0) return undefined;
    return new HealthCheck(this, `${name}-health`, {
      type: HealthCheckType.CALCULATED,
      childHealthChecks: checks,
      healthThreshold: checks.length,
    });
  }

  private follow(compiled: CompiledAlarm, alarm: Alarm, identity: string): IHealthCheck {
    checkFollowable(compiled);
    return new HealthCheck(this, `${compiled.alarmName}-${fingerprint(compiled, identity)}`, {
      type: HealthCheckType.CLOUDWATCH_METRIC,
      alarmIdentifier: { name: alarm.alarmName, region: Stack.of(this).region },
      // Without the collector nothing is known about the replicas; its failure pages.
      insufficientDataHealthStatus: InsufficientDataHealthStatusEnum.HEALTHY,
    });
  }
}

/**
 * Fails when an alert of UNHEALTHY is not in alerts.yml: a replica would stay in the reader's name, whatever its state. An alert that
 * is switched off in this environment is accepted.
 */
function checkAlertsExist({ ledger }: Compilation): void {
  const missing = UNHEALTHY.filter((name) => !ledger.some(({ alert }) => alert === name));
  if (missing.length > 0) {
    throw new Error(
      `lib/constructs/monitoring/reader-records.ts follows the alert ${missing.join(' and ')}, which alerts.yml does not have; change UNHEALTHY there`,
    );
  }
}

/**
 * A health check keeps the settings that its alarm had at its creation (Route 53 Developer Guide): a changed alarm, or the same alarm
 * on another server, needs a new one.
 */
function fingerprint(
  { metrics, periodSeconds, evaluationPeriods, comparisonOperator, threshold }: CompiledAlarm,
  identity: string,
): string {
  const settings = JSON.stringify([metrics, periodSeconds, evaluationPeriods, comparisonOperator, threshold, identity]);
  return createHash('sha256').update(settings).digest('hex').slice(0, 8);
}

/** Fails on an alarm that Route 53 cannot follow (its Developer Guide, "Values that you specify when you create or update health checks"). */
function checkFollowable({ alarmName, expression, evaluationPeriods, datapointsToAlarm }: CompiledAlarm): void {
  const found = expression
    ? `reads ${expression}`
    : datapointsToAlarm < evaluationPeriods && `takes ${datapointsToAlarm} of ${evaluationPeriods} periods`;
  if (found) {
    throw new Error(
      `alarm ${alarmName} ${found}, and a health check of Route 53 cannot follow it; allowed: one metric, all periods`,
    );
  }
}
