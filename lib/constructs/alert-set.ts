import { Duration } from 'aws-cdk-lib';
import type { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Severity } from '../catalog/alerts';
import type { CompiledAlarm } from '../catalog/compiler';
import { runbookLink } from '../catalog/runbooks';

/** The compiled alarms of one environment and where they go. */
export interface AlertSetProps {
  readonly alarms: readonly CompiledAlarm[];
  readonly topics: Readonly<Record<Severity, ITopic>>;
  /** @default - descriptions name the page's path in this repository */
  readonly runbookBaseUrl?: string;
}

/** The one place where alarms are made: each tells its topic when it fires and when it clears. */
export class AlertSet extends Construct {
  constructor(scope: Construct, id: string, { alarms, topics, runbookBaseUrl }: AlertSetProps) {
    super(scope, id);
    for (const compiled of alarms) {
      const alarm = new Alarm(this, compiled.alarmName, {
        // Named, because people and runbooks cite alarms by name.
        alarmName: compiled.alarmName,
        alarmDescription: [
          compiled.summary,
          compiled.description,
          `Severity: ${compiled.severity}`,
          `Runbook: ${runbookLink(compiled.alert, runbookBaseUrl)}`,
        ].join('\n'),
        metric: new Metric({
          namespace: compiled.namespace,
          metricName: compiled.metricName,
          dimensionsMap: { ...compiled.dimensions },
          statistic: compiled.statistic,
          period: Duration.seconds(compiled.periodSeconds),
        }),
        comparisonOperator: compiled.comparisonOperator as ComparisonOperator,
        threshold: compiled.threshold,
        evaluationPeriods: compiled.evaluationPeriods,
        datapointsToAlarm: compiled.datapointsToAlarm,
        treatMissingData: compiled.treatMissingData as TreatMissingData,
      });
      const action = new SnsAction(topics[compiled.severity]);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}
