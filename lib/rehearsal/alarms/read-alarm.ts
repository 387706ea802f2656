import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import { COMPARISONS, type EvaluatedAlarm, type EvaluatedMetric } from './alarm-evaluator';
import { parseMetricMath } from './metric-math';

/** Properties of AWS::CloudWatch::Alarm that the evaluator does not model. */
const UNKNOWN_PROPERTIES = [
  'EvaluateLowSampleCountPercentile',
  'EvaluationCriteria',
  'EvaluationWindow',
  'ExtendedStatistic',
  'ThresholdMetricId',
  // CloudWatch would only count values that were published with this unit.
  'Unit',
];

interface WarmUp {
  readonly WarmUpPeriodDurationInMinutes: number;
  readonly OnlyStartEvaluatingAfterWarmUpPeriodEnds?: boolean;
}

interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: MetricName; readonly Period: number; readonly Stat: string };
  readonly ReturnData?: boolean;
}

/**
 * Reads every alarm of an assembly.
 * @throws Error naming an alarm with a property that the evaluator does not model
 */
export function readAlarms(assembly: EnvironmentAssembly): EvaluatedAlarm[] {
  return assembly.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => readAlarm(properties));
}

/**
 * Reads one alarm.
 * @param properties of AWS::CloudWatch::Alarm, as the template has them
 * @throws Error naming the alarm and the property that the evaluator does not model
 */
export function readAlarm(properties: Readonly<Record<string, unknown>>): EvaluatedAlarm {
  const name = String(properties['AlarmName']);
  const refuse = (found: string) => new Error(`alarm ${name} has ${found}, which the rehearsal cannot evaluate`);
  const unknown = UNKNOWN_PROPERTIES.find((property) => property in properties);
  if (unknown) throw refuse(unknown);
  const comparisonOperator = String(properties['ComparisonOperator']);
  if (!(comparisonOperator in COMPARISONS)) throw refuse(`the comparison ${comparisonOperator}`);
  const evaluationPeriods = Number(properties['EvaluationPeriods']);
  const warmUp = properties['WarmUpConfiguration'] as WarmUp | undefined;
  if (warmUp?.OnlyStartEvaluatingAfterWarmUpPeriodEnds) throw refuse('a warm-up that values do not end');
  return {
    name,
    ...('Metrics' in properties ? readMath(properties['Metrics'] as MetricQuery[], refuse) : readSingle(properties)),
    evaluationPeriods,
    datapointsToAlarm: Number(properties['DatapointsToAlarm'] ?? evaluationPeriods),
    comparisonOperator: comparisonOperator as EvaluatedAlarm['comparisonOperator'],
    threshold: Number(properties['Threshold']),
    treatMissingData: (properties['TreatMissingData'] ?? 'missing') as EvaluatedAlarm['treatMissingData'],
    ...(warmUp && { warmUpSeconds: warmUp.WarmUpPeriodDurationInMinutes * 60 }),
  };
}

type Compared = Pick<EvaluatedAlarm, 'metrics' | 'expression' | 'periodSeconds'>;

function readSingle(properties: Readonly<Record<string, unknown>>): Compared {
  const metric = readMetric('m1', properties as unknown as MetricName, String(properties['Statistic']));
  return { metrics: [metric], periodSeconds: Number(properties['Period']) };
}

function readMath(queries: readonly MetricQuery[], refuse: (found: string) => Error): Compared {
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
  const stats = queries.flatMap(({ Id, MetricStat }) => (MetricStat ? [{ Id, ...MetricStat }] : []));
  const periods = [...new Set(stats.map(({ Period }) => Period))];
  const expression = returned[0]?.Expression;
  if (returned.length !== 1) throw refuse(`${returned.length} returned metrics`);
  if (periods.length !== 1) throw refuse(`metrics of ${periods.length} different periods`);
  if (queries.length - stats.length > (expression === undefined ? 0 : 1)) throw refuse('more than one expression');
  const metrics = stats.map(({ Id, Metric, Stat }) => readMetric(Id, Metric, Stat));
  const ids = metrics.map(({ id }) => id);
  if (expression !== undefined) parseMetricMath(expression, ids);
  return { metrics, expression, periodSeconds: periods[0]! };
}

function readMetric(
  id: string,
  { Namespace, MetricName, Dimensions = [] }: MetricName,
  statistic: string,
): EvaluatedMetric {
  const dimensions = Dimensions.map(({ Name, Value }) => [
    Name,
    typeof Value === 'string' ? Value : JSON.stringify(Value),
  ]);
  return {
    id,
    namespace: Namespace,
    metricName: MetricName,
    dimensions: Object.fromEntries(dimensions) as Record<string, string>,
    statistic: statistic as EvaluatedMetric['statistic'],
  };
}
