import { dashboardBodies } from '../../support/monitoring/dashboard-bodies';
import { dashboardBodySchema, holes } from '../../support/monitoring/dashboard-schema';
import { synthesize } from '../../support/synth';

test.each(['dev', 'staging', 'production'] as const)('the dashboards of %s are as CloudWatch takes them', (name) => {
  const { monitoring } = synthesize(name);
  const bodies = dashboardBodies(monitoring);
  expect(Object.keys(bodies)).toHaveLength(4);
  const shown = Object.entries(bodies).flatMap(([dashboard, body]) => {
    expect(dashboard).toMatch(new RegExp(`^${name}-[a-z-]+$`));
    const { widgets } = dashboardBodySchema.parse(body);
    expect(holes(widgets)).toBe(0);
    return widgets.flatMap((widget) => (widget.type === 'alarm' ? widget.properties.alarms : []));
  });
  const alarms = Object.values(monitoring.findResources('AWS::CloudWatch::Alarm')) as {
    Properties: { AlarmName: string };
  }[];
  const names = new Set(alarms.map(({ Properties }) => Properties.AlarmName));
  expect(shown.length).toBeGreaterThan(30);
  expect(shown.filter((arn) => !names.has(arn.split(':alarm:')[1] ?? ''))).toEqual([]);
});
