import { dashboardBodySchema, holes } from './dashboard-schema';

const place = { x: 0, y: 0, width: 12, height: 6 };
const metrics = [['AWS/RDS', 'CPUUtilization', 'DBInstanceIdentifier', 'db', { stat: 'Average', period: 60 }]];
const properties = { title: 'CPU', view: 'timeSeries', region: 'us-east-1', metrics };
const widget = (change: object) => ({ type: 'metric', ...place, properties: { ...properties, ...change } });
const body = (...widgets: object[]) => ({ start: '-PT3H', periodOverride: 'inherit', widgets });

/** The faults that the schema finds, in one text; empty where it accepts the body. */
function faults(input: unknown): string {
  return dashboardBodySchema.safeParse(input).error?.message ?? '';
}

test('accepts a dashboard as CloudWatch documents it', () => {
  const alarms = {
    type: 'alarm',
    ...place,
    y: 6,
    properties: { alarms: ['arn:aws:cloudwatch:us-east-1:111111111111:alarm:a'] },
  };
  const log = {
    type: 'log',
    ...place,
    x: 12,
    y: 6,
    properties: { query: "SOURCE 'group' | limit 5", region: 'us-east-1' },
  };
  const text = { type: 'text', ...place, x: 12, properties: { markdown: '# Title' } };
  expect(faults(body(widget({}), text, alarms, log))).toBe('');
});

test.each([
  ['an unknown field', body(widget({ stackd: true })), 'stackd'],
  ['an unknown kind of widget', body({ ...widget({}), type: 'graph' }), 'Invalid'],
  ['an unknown view', body(widget({ view: 'line' })), 'timeSeries'],
  ['no metric', body(widget({ metrics: [] })), '>=1'],
  ['501 metrics', body(widget({ metrics: Array.from({ length: 501 }, () => metrics[0]) })), '<=500'],
  ['501 widgets', body(...Array.from({ length: 501 }, (_, y) => ({ ...widget({}), y: 6 * y }))), '<=500'],
  ['a period of 90 s', body(widget({ metrics: [['a', 'b', { stat: 'Sum', period: 90 }]] })), 'multiple of 60'],
  ['a dimension without a value', body(widget({ metrics: [['a', 'b', 'c', { stat: 'Sum' }]] })), 'lacks its value'],
  ['the short form', body(widget({ metrics: [['...', 'b', { stat: 'Sum' }]] })), 'no text'],
  ['a name that is no text', body(widget({ metrics: [['a', { kind: 'server' }, { stat: 'Sum' }]] })), 'no text'],
  ['an unknown statistic', body(widget({ metrics: [['a', 'b', { stat: 'Median' }]] })), 'statistic'],
  ['an id in capitals', body(widget({ metrics: [['a', 'b', { id: 'M1', stat: 'Sum' }]] })), 'small letter'],
  [
    'ids that repeat',
    body(widget({ metrics: ['a', 'c'].map((n) => [n, 'b', { id: 'm1', stat: 'Sum' }]) })),
    'ids repeat',
  ],
  [
    'math over an unknown id',
    body(widget({ metrics: [[{ expression: 'm9 / 2', id: 'e1', label: 'x' }], ...metrics] })),
    'do not exist: m9',
  ],
  ['nothing visible', body(widget({ metrics: [['a', 'b', { stat: 'Sum', visible: false }]] })), 'nothing is visible'],
  ['a threshold without a value', body(widget({ annotations: { horizontal: [{ label: 'x' }] } })), 'value'],
  ['a colour by name', body(widget({ annotations: { horizontal: [{ value: 1, color: 'red' }] } })), 'colour'],
  ['a fill to the side', body(widget({ annotations: { horizontal: [{ value: 1, fill: 'left' }] } })), 'above'],
  ['a gauge without ends', body(widget({ view: 'gauge' })), 'both ends'],
  ['a widget beyond the grid', body({ ...widget({}), x: 13 }), 'wider than the grid'],
  ['a widget of no height', body({ ...widget({}), height: 0 }), '>=1'],
  ['a fractional width', body({ ...widget({}), width: 4.8 }), 'int'],
  ['overlapping widgets', body(widget({}), { ...widget({}), x: 11 }), 'overlap at 11,0'],
  ['a status widget without alarms', body({ type: 'alarm', ...place, properties: { alarms: [] } }), '>=1'],
  ['a status widget by names', body({ type: 'alarm', ...place, properties: { alarms: ['a'] } }), 'ARN'],
])('refuses %s', (_, input, fault) => {
  expect(faults(input)).toContain(fault);
});

test('counts grid units that no widget covers', () => {
  expect(holes([{ ...place }])).toBe(72);
  expect(holes([place, { ...place, x: 12 }])).toBe(0);
  expect(holes([])).toBe(0);
});
