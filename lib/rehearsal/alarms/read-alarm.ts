import { COMPARISONS, type EvaluatedAlarm, type EvaluatedMetric } from './alarm-evaluator';
import { parseMetricMath } from './metric-math';

/** What the evaluator does not model. */
const UNKNOWN_PROPERTIES = ['ExtendedStatistic', 'EvaluateLowSampleCountPercentile', 'EvaluationCriteria', 'EvaluationWindow', 'ThresholdMetricId']; // prettier-ignore

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
 * An alarm of a template, as the evaluator takes it.
 * @throws Error naming the alarm and what it has that the evaluator does not model
 */
export function readAlarm(properties: Record<string, unknown>): EvaluatedAlarm {
  const name = String(properties['AlarmName']);
  const refuse = (found: string) => new Error(`alarm ${name} has ${found}, which the rehearsal cannot evaluate`);
  const unknown = UNKNOWN_PROPERTIES.find((property) => property in properties);
  if (unknown) throw refuse(unknown);
  const comparisonOperator = String(properties['ComparisonOperator']);
  if (!(comparisonOperator in COMPARISONS)) throw refuse(`the comparison ${comparisonOperator}`);
  const evaluationPeriods = Number(properties['EvaluationPeriods']);
  return {
    name,
    ...('Metrics' in properties ? readMath(properties['Metrics'] as MetricQuery[], refuse) : readSingle(properties)),
    evaluationPeriods,
    datapointsToAlarm: Number(properties['DatapointsToAlarm'] ?? evaluationPeriods),
    comparisonOperator: comparisonOperator as EvaluatedAlarm['comparisonOperator'],
    threshold: Number(properties['Threshold']),
    treatMissingData: (properties['TreatMissingData'] ?? 'missing') as EvaluatedAlarm['treatMissingData'],
  };
}

type Compared = Pick<EvaluatedAlarm, 'metrics' | 'expression' | 'periodSeconds'>;

function readSingle(properties: Record<string, unknown>): Compared {
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
  if (expression !== undefined) parseMetricMath(expression, metrics.map(({ id }) => id)); // prettier-ignore
  return { metrics, expression, periodSeconds: periods[0]! };
}

function readMetric(
  id: string,
  { Namespace, MetricName, Dimensions = [] }: MetricName,
  statistic: string,
): EvaluatedMetric {
  // prettier-ignore
  return {
    id,
    namespace: Namespace,
    metricName: MetricName,
    dimensions: Object.fromEntries(
      Dimensions.map(({ Name, Value }) => [Name, typeof Value === 'string' ? Value : JSON.stringify(Value)]),
    ),
    statistic: statistic as EvaluatedMetric['statistic'],
  };
}
