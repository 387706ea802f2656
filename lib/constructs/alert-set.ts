import { Duration } from 'aws-cdk-lib';
import type { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Severity } from '../catalog/alerts';
import type { AlarmMetric, CompiledAlarm, ResourceName } from '../catalog/compiled';
import { runbookLink } from '../catalog/runbooks';

/** The compiled alarms of one environment and where they go. */
export interface AlertSetProps {
  readonly alarms: readonly CompiledAlarm[];
  readonly topics: Readonly<Record<Severity, ITopic>>;
  /** Names that are known only in AWS. */
  readonly nameOf: (resource: ResourceName) => string;
  /** @default - descriptions name the page's path in this repository */
  readonly runbookBaseUrl?: string;
}

/** The one place where alarms are made: each tells its topic when it fires and when it clears. */
export class AlertSet extends Construct {
  constructor(scope: Construct, id: string, { alarms, topics, nameOf, runbookBaseUrl }: AlertSetProps) {
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
        metric: metricOf(compiled, nameOf),
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

function metricOf(
  { expression, metrics, periodSeconds }: CompiledAlarm,
  nameOf: (resource: ResourceName) => string,
): IMetric {
  const period = Duration.seconds(periodSeconds);
  const series = metrics.map(({ id, namespace, metricName, dimensions, statistic }: AlarmMetric) => {
    const dimensionsMap = Object.fromEntries(
      Object.entries(dimensions).map(([name, value]) => [name, typeof value === 'string' ? value : nameOf(value)]),
    );
    return [id, new Metric({ namespace, metricName, dimensionsMap, statistic, period })] as const;
  });
  if (expression === undefined) return series[0]![1];
  return new MathExpression({ expression, usingMetrics: Object.fromEntries(series), period });
}
