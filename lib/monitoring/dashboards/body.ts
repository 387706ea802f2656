/**
 * The parts of a CloudWatch dashboard's body that this project uses. Source: CloudWatch API Reference, "Dashboard Body Structure and
 * Syntax".
 */
export interface DashboardBody {
  /** Time range, ISO 8601: `-PT3H`. */
  readonly start: string;
  /** `inherit`: a line keeps its period at every zoom, so it shows the values that its alarm evaluates. */
  readonly periodOverride: 'inherit';
  readonly widgets: readonly Widget[];
}

/** A widget and its place on the grid of 24 columns. */
export type Widget = Content & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** The content of a widget, without its place. */
export type Content =
  | { readonly type: 'metric'; readonly properties: MetricProperties }
  | { readonly type: 'text'; readonly properties: { readonly markdown: string } }
  | { readonly type: 'alarm'; readonly properties: AlarmProperties }
  | { readonly type: 'log'; readonly properties: LogProperties };

/** A graph, a number or a gauge. */
export interface MetricProperties {
  readonly title: string;
  readonly view: 'timeSeries' | 'singleValue' | 'gauge';
  readonly stacked?: boolean;
  readonly region: string;
  readonly metrics: readonly MetricEntry[];
  readonly annotations?: { readonly horizontal: readonly HorizontalAnnotation[] };
  readonly yAxis?: { readonly left: { readonly min?: number; readonly max?: number; readonly label?: string } };
  /** One value for the whole time range. */
  readonly setPeriodToTimeRange?: boolean;
  /** Time range of the widget, ISO 8601. Default: the dashboard's. */
  readonly start?: string;
}

/** Alarms as tiles coloured by their state. */
interface AlarmProperties {
  readonly title: string;
  /** ARNs, 1 to 100. */
  readonly alarms: readonly string[];
  /** Alarms in ALARM come first. */
  readonly sortBy: 'stateUpdatedTimestamp';
}

/** The result of a Logs Insights query. */
interface LogProperties {
  readonly title: string;
  readonly view: 'table';
  readonly region: string;
  /** Begins with `SOURCE '<log group>'`. */
  readonly query: string;
}

/** A threshold as a line across the graph. */
export interface HorizontalAnnotation {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  /** The side on which the alarm fires. */
  readonly fill?: 'above' | 'below';
}

/** A metric or metric math. */
export type MetricEntry = SeriesEntry | readonly [ExpressionEntry];

/** `[namespace, metric, dimension, value, …, options]`. */
export type SeriesEntry = readonly [...string[], EntryOptions];

/** How a metric is read and drawn. */
export interface EntryOptions {
  /** Its name in expressions of the same widget. */
  readonly id?: string;
  readonly label?: string;
  readonly stat: string;
  /** Seconds. */
  readonly period?: number;
  /** False where only an expression uses it. Default true. */
  readonly visible?: boolean;
}

/** Metric math over entries of the same widget. */
interface ExpressionEntry {
  readonly expression: string;
  readonly id: string;
  readonly label: string;
  /** Seconds. */
  readonly period?: number;
}
