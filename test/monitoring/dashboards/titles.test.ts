import { loadAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { titleOfAlert, titleOfGroup, titleOfMeaning } from '../../../lib/monitoring/dashboards/titles';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { FULL } from '../../support/monitoring/alerts';
import { build } from '../../support/monitoring/dashboards';

test.each([
  ['PostgreSQLTooManyConnections', 'Too many connections'],
  ['PostgreSQLWALFilesAccumulating', 'WAL files accumulating'],
  ['PostgreSQLEbsIoBalanceLow', 'EBS I/O balance low'],
  ['PostgreSQLDbLoadHigh', 'Database load high'],
  ['NoBookingsLast24Hours', 'No bookings last 24 hours'],
  ['AICostSpike', 'AI cost spike'],
  ['AIResponseTimeSlow', 'AI response time slow'],
  ['PostgreSQLDown', 'PostgreSQL down'],
])('%s is drawn under "%s"', (alert, title) => {
  expect(titleOfAlert(alert)).toBe(title);
});

test('a group and a meaning begin with a capital', () => {
  expect(titleOfGroup('whatsapp_saas_alerts')).toBe('WhatsApp SaaS alerts');
  expect(titleOfGroup('database_availability')).toBe('Database availability');
  expect(titleOfMeaning('sessions that run or wait, average; no value without load')).toBe(
    'Sessions that run or wait, average',
  );
});

test('different alerts have different titles', () => {
  const titles = loadAlerts().map(({ name }) => titleOfAlert(name));
  expect(new Set(titles).size).toBe(titles.length);
});

test('every widget has a title, of words and not of the names of metrics or alerts', () => {
  const widgets = build(compile(loadAlerts(), METRIC_SOURCES, FULL)).flatMap(({ body }) => body.widgets);
  const titles = widgets.flatMap((widget) => (widget.type === 'text' ? [] : [widget.properties.title]));
  expect(titles.length).toBeGreaterThan(80);
  const names = new Set([...Object.keys(METRIC_SOURCES), ...loadAlerts().map(({ name }) => name)]);
  for (const title of titles) {
    expect(title).toMatch(/^[A-Z]/);
    // `snake_case`, `CamelCase` other than the names of products, and `dotted.names`.
    expect(title.replace(/PostgreSQL|WhatsApp|SaaS/g, '')).not.toMatch(/\w_\w|[a-z][A-Z]|[a-z]\.[a-z]/);
    for (const word of title.split(/[ ,;:]+/)) expect([title, names.has(word)]).toEqual([title, false]);
  }
});
