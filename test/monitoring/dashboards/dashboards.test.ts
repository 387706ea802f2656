import { FULL } from '../../support/monitoring/alerts';
import { alarm, compilationOf, metric } from '../../support/monitoring/compilation';
import { alarmsOnServers, build, dashboardContext, graphs } from '../../support/monitoring/dashboards';
import { dashboardBodySchema, holes } from '../../support/monitoring/dashboard-schema';
import { drawnOn } from '../../support/monitoring/drawn';
import type { Dashboard } from '../../../lib/monitoring/dashboards/dashboards';

function markdown({ body }: Dashboard): string {
  return body.widgets.flatMap((widget) => (widget.type === 'text' ? [widget.properties.markdown] : [])).join('\n');
}

describe('the four dashboards', () => {
  const dashboards = build(compilationOf(alarmsOnServers('primary')));

  test('have the names of the specification, and different ones in each environment', () => {
    expect(dashboards.map(({ name, title }) => [name, title])).toEqual([
      ['production-postgresql-overview', 'PostgreSQL Overview'],
      ['production-replication-status', 'Replication Status'],
      ['production-whatsapp-saas-metrics', 'WhatsApp SaaS Metrics'],
      ['production-backup-status', 'Backup Status'],
    ]);
    const names = ['dev', 'staging'].flatMap((environment) =>
      build(compilationOf([]), { environment }).map(({ name }) => name),
    );
    expect(new Set([...names, ...dashboards.map(({ name }) => name)]).size).toBe(12);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
  });

  test('show their names at the top and link to each other', () => {
    for (const dashboard of dashboards) {
      expect(dashboard.body.widgets[0]).toMatchObject({ type: 'text', x: 0, y: 0, width: 24 });
      expect(markdown(dashboard)).toMatch(new RegExp(`^# ${dashboard.title}\n`));
      const others = dashboards.filter((other) => other !== dashboard);
      for (const { name } of others) expect(markdown(dashboard)).toContain(`#dashboards/dashboard/${name})`);
    }
  });

  test('link to the runbooks and to the worst salons', () => {
    const [overview] = build(compilationOf([]), {
      runbookBaseUrl: 'https://runbooks.example.com',
      worstSalonQueries: 'production/worst-salons',
    });
    expect(markdown(overview!)).toContain('[Runbooks](https://runbooks.example.com)');
    expect(markdown(overview!)).toContain('#logsV2:logs-insights), saved queries "production/worst-salons"');
    expect(markdown(dashboards[0]!)).toContain('`lib/runbooks/<alert>.md`');
  });
});

describe('placing', () => {
  test.each([
    ['database_performance', 'PostgreSQL Overview'],
    ['notifications', 'PostgreSQL Overview'],
    ['replication_health', 'Replication Status'],
    ['whatsapp_saas_alerts', 'WhatsApp SaaS Metrics'],
    ['backup_health', 'Backup Status'],
    ['a_group_nobody_thought_of', 'PostgreSQL Overview'],
  ])('shows the group %s on %s, with its states at the top', (group, title) => {
    const one = alarm({ alert: 'Something', group });
    const dashboards = build(compilationOf([one]));
    expect(drawnOn(one, dashboards)).toEqual([title]);
    const states = dashboards.flatMap(({ title: on, body }) =>
      body.widgets.flatMap((widget, index) => (widget.type === 'alarm' ? [{ on, index, ...widget.properties }] : [])),
    );
    expect(states).toMatchObject([{ on: title, index: 1, alarms: [dashboardContext(FULL).alarmArn(one.alarmName)] }]);
  });

  test('takes a second status widget for the 101st alarm', () => {
    const many = Array.from({ length: 101 }, (_, index) => alarm({ alert: `Alert${index}`, threshold: index }));
    const [overview] = build(compilationOf(many));
    const counts = overview!.body.widgets.flatMap((w) => (w.type === 'alarm' ? [w.properties.alarms.length] : []));
    expect(counts).toEqual([100, 1]);
    expect(dashboardBodySchema.safeParse(overview!.body).error).toBeUndefined();
  });

  test('leaves no overlap and no hole, for any number of graphs', () => {
    for (let count = 0; count <= 14; count++) {
      const some = Array.from({ length: count }, (_, index) =>
        alarm({ alert: `Alert${index}`, group: `group_${index % 5}`, metrics: [metric({ metricName: `m${index}` })] }),
      );
      for (const { body } of build(compilationOf(some))) {
        expect(dashboardBodySchema.safeParse(body).error).toBeUndefined();
        expect(holes(body.widgets)).toBe(0);
      }
    }
  });

  test('shows metrics of the application that only dashboards read on its dashboard, and none that a rule reads', () => {
    const read = alarm({ alert: 'Some', metrics: [metric({ source: 'message_cost_total_cost' })] });
    const shown = graphs(build(compilationOf([read])), 'WhatsApp SaaS Metrics').flatMap(({ metrics }) =>
      metrics.map((entry) => entry[1]),
    );
    expect(shown).toEqual(expect.arrayContaining(['bookings_total_count', 'messages_total_count']));
    expect(shown).not.toContain('message_cost_total_cost');
  });
});
