import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../contract/metrics';
import type { DrillEnv, DrillSource, RestoreSettings } from '../../../lambda/drill/env';
import { DRILL_STARTED_TAG, DRILL_TAG, instancePrefix } from '../../contract/drill/kinds';
import { acknowledge, acknowledgeWildcards, packRules } from '../acknowledge';
import { FUNCTION_REASONS } from '../reasons';
import { DEFAULT_OPTION_GROUP } from '../database/server-settings';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from '../functions/function-defaults';

/** The function that restores and deletes instances. */
export interface DrillFunctionProps {
  readonly environment: string;
  /** Region of the alarms. */
  readonly metricsRegion: string;
  readonly source: DrillSource;
  /** The servers of the environment in this region: the function is denied to delete them. */
  readonly protectedInstanceArns: readonly string[];
  readonly restore: RestoreSettings;
  /** Table that drills copy into the source, except for verifications. Default: none. */
  readonly table?: string;
  /** Encrypts the restored instances. */
  readonly key: IKey;
  readonly logs: FunctionLogs;
}

/**
 * Restores, describes and deletes instances. It runs outside of the VPC, like the inspector. It may only delete an instance that has
 * both the name prefix and the tag of a drill, and never a server of the environment.
 */
export class DrillFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: DrillFunctionProps) {
    super(scope, id);
    const { environment, metricsRegion, source, restore, table = 'none', logs } = props;
    const defaults = functionDefaults(this, 'drill', logs);
    this.function = new LambdaFunction(this, 'Resource', {
      ...defaults,
      description: 'Restores instances for drills, and deletes them',
      timeout: Duration.seconds(60),
      memorySize: 256,
      environment: {
        ...defaults.environment,
        ...({
          ENVIRONMENT: environment,
          METRICS_REGION: metricsRegion,
          SOURCE: Stack.of(this).toJsonString(source),
          RESTORE: Stack.of(this).toJsonString(restore),
          TABLE: table,
        } satisfies DrillEnv),
      },
    });
    for (const statement of this.statements(props)) this.function.addToRolePolicy(statement);
    this.acknowledgeFindings(props);
  }

  private statements(props: DrillFunctionProps): PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'Look',
        actions: ['rds:DescribeDBInstances', 'rds:DescribeDBInstanceAutomatedBackups'],
        // The sweep lists all instances, a call that names none of them.
        resources: [this.rdsArn('db', '*'), this.rdsArn('auto-backup', '*')],
      }),
      ...this.restoreStatements(props),
      ...this.deleteStatements(props),
      new PolicyStatement({
        sid: 'LetRdsUseTheKey',
        // RDS asks for this from the caller that restores an encrypted instance (RDS User Guide, "Encrypting Amazon RDS resources").
        actions: ['kms:CreateGrant', 'kms:DescribeKey'],
        resources: [props.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `rds.${Stack.of(this).region}.${Aws.URL_SUFFIX}` } },
      }),
      new PolicyStatement({
        sid: 'Publish',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
      }),
    ];
  }

  private restoreStatements({ environment, source, restore }: DrillFunctionProps): PolicyStatement[] {
    const restored = this.rdsArn('db', `${instancePrefix(environment)}*`);
    const carriesDrillTag = { [`aws:RequestTag/${DRILL_TAG}`]: environment };
    return [
      new PolicyStatement({
        sid: 'Restore',
        actions: ['rds:RestoreDBInstanceToPointInTime'],
        // All resource types that the action needs (Service Authorization Reference, "Amazon RDS").
        resources: [
          restored,
          'instanceId' in source ? this.rdsArn('db', source.instanceId) : this.rdsArn('auto-backup', '*'),
          this.rdsArn('subgrp', restore.subnetGroup),
          this.rdsArn('pg', restore.parameterGroup),
          this.rdsArn('og', DEFAULT_OPTION_GROUP),
        ],
        conditions: { StringEquals: carriesDrillTag },
      }),
      new PolicyStatement({
        sid: 'TagCopies',
        actions: ['rds:AddTagsToResource'],
        resources: [restored],
        conditions: {
          StringEquals: carriesDrillTag,
          'ForAllValues:StringEquals': { 'aws:TagKeys': [DRILL_TAG, DRILL_STARTED_TAG] },
        },
      }),
    ];
  }

  private deleteStatements({ environment, protectedInstanceArns }: DrillFunctionProps): PolicyStatement[] {
    const allowed = new PolicyStatement({
      sid: 'DeleteCopies',
      actions: ['rds:DeleteDBInstance'],
      resources: [this.rdsArn('db', `${instancePrefix(environment)}*`)],
      conditions: { StringEquals: { [`aws:ResourceTag/${DRILL_TAG}`]: environment } },
    });
    if (protectedInstanceArns.length === 0) return [allowed];
    const denied = new PolicyStatement({
      sid: 'NeverTheServers',
      effect: Effect.DENY,
      actions: ['rds:DeleteDBInstance', 'rds:ModifyDBInstance', 'rds:AddTagsToResource'],
      resources: [...protectedInstanceArns],
    });
    return [allowed, denied];
  }

  private rdsArn(type: string, name: string): string {
    return Stack.of(this).formatArn({ service: 'rds', resource: `${type}:${name}` });
  }

  private acknowledgeFindings({ environment }: DrillFunctionProps): void {
    acknowledgeFunction(this);
    acknowledge(this, packRules('LambdaInsideVPC'), FUNCTION_REASONS.outsideVpc);
    acknowledgeWildcards(this, [
      '*',
      this.rdsArn('db', '*'),
      this.rdsArn('auto-backup', '*'),
      this.rdsArn('db', `${instancePrefix(environment)}*`),
    ]);
  }
}
