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
import type { CompiledAlarm } from '../../monitoring/compiler/compiled';
import { serverOf } from '../../monitoring/paging';
import type { Database } from '../database/database';
import type { DatabaseServer } from '../database/database-server';

/** Alerts that take a replica out of the reader's name: it does not answer, or its data is minutes old. */
const UNHEALTHY = ['PostgreSQLDown', 'PostgreSQLReplicationLagCritical'];
/** Seconds that a resolver may keep the reader's address: under the 30 s that RDS advises for failovers (RDS User Guide, "Best practices"). */
const TTL_SECONDS = 10;

/** Where the reader's name leads. */
export interface ReaderRecordsProps {
  readonly database: Database;
  /** What the rules became. */
  readonly compiled: readonly CompiledAlarm[];
  /** By name. */
  readonly alarms: ReadonlyMap<string, Alarm>;
}

/**
 * One weighted record for each replica, healthy while none of the replica's alarms in UNHEALTHY is in alarm; the primary where there
 * is no replica. Route 53 cannot reach private addresses: a health check follows an alarm's metric, and another joins those of a
 * replica. When all are unhealthy, Route 53 answers as if all were healthy (Route 53 Developer Guide, "How Route 53 chooses records
 * when health checking is configured"). Here and not beside the zone, because the database's stack must not depend on the alarms'.
 */
export class ReaderRecords extends Construct {
  constructor(scope: Construct, id: string, { database, compiled, alarms }: ReaderRecordsProps) {
    super(scope, id);
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
        healthCheck: replicas.length > 0 ? this.health(server, compiled, alarms) : undefined,
      });
    }
  }

  private health(
    { name }: DatabaseServer,
    compiled: readonly CompiledAlarm[],
    alarms: ReadonlyMap<string, Alarm>,
  ): IHealthCheck | undefined {
    const checks = compiled
      .filter((facts) => UNHEALTHY.includes(facts.alert) && serverOf(facts) === name)
      .flatMap((facts) => {
        const alarm = alarms.get(facts.alarmName);
        return alarm ? [this.follow(facts, alarm)] : [];
      });
    if (checks.length === 0) return undefined;
    return new HealthCheck(this, `${name}-health`, {
      type: HealthCheckType.CALCULATED,
      childHealthChecks: checks,
      healthThreshold: checks.length,
    });
  }

  private follow(compiled: CompiledAlarm, alarm: Alarm): IHealthCheck {
    checkFollowable(compiled);
    return new HealthCheck(this, `${compiled.alarmName}-${fingerprint(compiled)}`, {
      type: HealthCheckType.CLOUDWATCH_METRIC,
      alarmIdentifier: { name: alarm.alarmName, region: Stack.of(this).region },
      // A dead collector says nothing of the replicas, and it pages.
      insufficientDataHealthStatus: InsufficientDataHealthStatusEnum.HEALTHY,
    });
  }
}

/** A health check keeps the settings that its alarm had when it was made (Route 53 Developer Guide): a changed alarm needs a new one. */
function fingerprint({
  metrics,
  periodSeconds,
  evaluationPeriods,
  comparisonOperator,
  threshold,
}: CompiledAlarm): string {
  const settings = JSON.stringify([metrics, periodSeconds, evaluationPeriods, comparisonOperator, threshold]);
  return createHash('sha256').update(settings).digest('hex').slice(0, 8);
}

/** What Route 53 follows (Route 53 Developer Guide, "Values that you specify when you create or update health checks"). */
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
