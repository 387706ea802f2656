import { z } from 'zod';

/**
 * The structure of a dashboard's body as CloudWatch documents it (CloudWatch API Reference, "Dashboard Body Structure and Syntax"), for
 * the widgets that this project uses. Unknown fields are faults: CloudWatch takes some of them silently and shows nothing.
 */

const isoDuration = z.string().regex(/^-P(\d+[WD]|T\d+[HM])$/, 'a time range such as -PT3H or -P7D');
const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'a colour such as #d62728');
/** Seconds; our metrics are of standard resolution. */
const period = z.int().min(60).multipleOf(60);
const id = z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, 'an id that starts with a small letter');
const statistic = z.string().regex(/^(Average|Maximum|Minimum|SampleCount|Sum|p\d{1,2}(\.\d+)?)$/, 'a statistic');

const metricOptions = z.strictObject({
  id: id.optional(),
  label: z.string().min(1).optional(),
  stat: statistic.optional(),
  period: period.optional(),
  visible: z.boolean().optional(),
  color: colour.optional(),
  yAxis: z.enum(['left', 'right']).optional(),
});
const expressionOptions = z.strictObject({
  expression: z.string().min(1).max(1024),
  id,
  label: z.string().min(1),
  period: period.optional(),
  visible: z.boolean().optional(),
  color: colour.optional(),
});

/** `[namespace, name, dimension, value, …, options]`; the short forms "." and "..." are not used here. */
const seriesEntry = z
  .array(z.unknown())
  .min(3)
  .superRefine((entry, context) => {
    const names = entry.slice(0, -1);
    const options = metricOptions.safeParse(entry.at(-1));
    for (const { message, path } of options.error?.issues ?? []) {
      context.addIssue({ code: 'custom', message: `${path.join('.')}: ${message}`, path });
    }
    if (names.some((name) => typeof name !== 'string' || name === '' || name === '.' || name === '...')) {
      context.addIssue({ code: 'custom', message: `a name is no text: ${JSON.stringify(names)}` });
    }
    if (names.length % 2 !== 0) context.addIssue({ code: 'custom', message: `a dimension lacks its value` });
    if (names.length > 2 + 2 * 30) context.addIssue({ code: 'custom', message: 'a metric has at most 30 dimensions' });
  });
const metricEntry = z.union([z.tuple([expressionOptions]), seriesEntry]);

const axis = z.strictObject({
  min: z.number().optional(),
  max: z.number().optional(),
  label: z.string().min(1).optional(),
  showUnits: z.boolean().optional(),
});

const metricProperties = z
  .strictObject({
    title: z.string().min(1),
    view: z.enum(['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table']),
    stacked: z.boolean().optional(),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region'),
    metrics: z.array(metricEntry).min(1).max(500),
    annotations: z
      .strictObject({
        horizontal: z.array(
          z.strictObject({
            value: z.number(),
            label: z.string().min(1).optional(),
            color: colour.optional(),
            fill: z.enum(['none', 'above', 'below']).optional(),
          }),
        ),
      })
      .optional(),
    yAxis: z.strictObject({ left: axis.optional(), right: axis.optional() }).optional(),
    setPeriodToTimeRange: z.boolean().optional(),
    sparkline: z.boolean().optional(),
    start: isoDuration.optional(),
  })
  .superRefine((properties, context) => {
    const fault = (message: string) => context.addIssue({ code: 'custom', message: `${properties.title}: ${message}` });
    const { min, max } = properties.yAxis?.left ?? {};
    if (properties.view === 'gauge' && (min === undefined || max === undefined || min >= max)) {
      fault('a gauge needs both ends of its axis');
    }
    if (properties.setPeriodToTimeRange && properties.sparkline) fault('a sparkline needs periods');
    const options = properties.metrics.map((entry) => entry.at(-1) as Record<string, unknown>);
    const ids = options.flatMap((option) => (typeof option.id === 'string' ? [option.id] : []));
    if (new Set(ids).size < ids.length) fault(`ids repeat: ${ids.join(', ')}`);
    // Functions of metric math are in capitals, and DB_PERF_INSIGHTS takes names in quotes.
    const read = options.flatMap((option) =>
      typeof option.expression === 'string'
        ? (option.expression.replace(/'[^']*'/g, '').match(/\b[a-z]\w*\b/g) ?? [])
        : [],
    );
    const unknown = read.filter((name) => !ids.includes(name));
    if (unknown.length > 0) fault(`an expression reads ids that do not exist: ${unknown.join(', ')}`);
    if (options.every((option) => option.visible === false)) fault('nothing is visible');
  });

const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const widget = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('metric'), ...place, properties: metricProperties }),
  z.strictObject({
    type: z.literal('text'),
    ...place,
    properties: z.strictObject({
      markdown: z.string().min(1),
      background: z.enum(['transparent', 'solid']).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('alarm'),
    ...place,
    properties: z.strictObject({
      title: z.string().optional(),
      alarms: z
        .array(z.string().regex(/^arn:[^:]+:cloudwatch:[^:]+:[^:]+:alarm:.+$/, 'an alarm’s ARN'))
        .min(1)
        .max(100),
      sortBy: z.enum(['default', 'stateUpdatedTimestamp', 'timestamp']).optional(),
      states: z.array(z.enum(['ALARM', 'INSUFFICIENT_DATA', 'OK'])).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('log'),
    ...place,
    properties: z.strictObject({
      query: z.string().startsWith('SOURCE '),
      region: z.string(),
      title: z.string().optional(),
      view: z.enum(['table', 'timeSeries', 'bar', 'pie']).optional(),
    }),
  }),
]);

/** A whole dashboard, its widgets beside and below each other. */
export const dashboardBodySchema = z
  .strictObject({
    start: isoDuration.optional(),
    periodOverride: z.enum(['auto', 'inherit']).optional(),
    widgets: z.array(widget).max(500),
  })
  .superRefine(({ widgets }, context) => {
    // CloudWatch User Guide, "CloudWatch service quotas".
    const metrics = widgets.reduce(
      (sum, { type, properties }) => sum + (type === 'metric' ? properties.metrics.length : 0),
      0,
    );
    if (metrics > 2500) context.addIssue({ code: 'custom', message: `it has ${metrics} metrics; allowed: 2500` });
    const taken = new Map<string, number>();
    widgets.forEach(({ x, y, width, height }, index) => {
      if (x + width > 24) context.addIssue({ code: 'custom', message: `widget ${index} is wider than the grid` });
      for (const [column, row] of cells({ x, y, width, height })) {
        const other = taken.get(`${column},${row}`);
        if (other !== undefined) {
          context.addIssue({ code: 'custom', message: `widgets ${other} and ${index} overlap at ${column},${row}` });
          return;
        }
        taken.set(`${column},${row}`, index);
      }
    });
  });

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function cells({ x, y, width, height }: Place): [number, number][] {
  return Array.from({ length: width * height }, (_, cell) => [x + (cell % width), y + Math.floor(cell / width)]);
}

/** Grid units between the first and the last row that no widget covers. */
export function holes(widgets: readonly Place[]): number {
  const bottom = Math.max(0, ...widgets.map(({ y, height }) => y + height));
  return bottom * 24 - new Set(widgets.flatMap(cells).map(String)).size;
}
