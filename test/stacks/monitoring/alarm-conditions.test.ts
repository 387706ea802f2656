import type { Properties } from '../../support/synth';
import { alarm, compilation } from './production';

test('alarms compare what the compiler says', () => {
  for (const compiled of compilation().alarms) {
    const found = alarm(compiled.alarmName);
    expect(found).toMatchObject({
      Threshold: compiled.threshold,
      ComparisonOperator: compiled.comparisonOperator,
      EvaluationPeriods: compiled.evaluationPeriods,
    });
    expect(found['DatapointsToAlarm'] ?? compiled.evaluationPeriods).toBe(compiled.datapointsToAlarm);
    const queries = found['Metrics'] as Properties[] | undefined;
    if (compiled.expression === undefined) {
      const [metric] = compiled.metrics;
      expect(found).toMatchObject({
        Namespace: metric?.namespace,
        MetricName: metric?.metricName,
        Statistic: metric?.statistic,
        Period: compiled.periodSeconds,
      });
    } else {
      const [returned, ...others] = queries?.filter(({ ReturnData }) => ReturnData !== false) ?? [];
      expect(others).toEqual([]);
      expect(returned?.['Expression']).toBe(compiled.expression);
      expect(
        queries
          ?.filter(({ MetricStat }) => MetricStat !== undefined)
          .map(({ Id, MetricStat, ReturnData }) => [
            Id,
            (MetricStat as { Stat: string; Period: number }).Stat,
            (MetricStat as { Period: number }).Period,
            ReturnData,
          ]),
      ).toEqual(compiled.metrics.map(({ id, statistic }) => [id, statistic, compiled.periodSeconds, false]));
    }
  }
});
