import type { Severity } from '../../shared/severities';

/** A notification of a normal month. */
export interface Notification {
  /** Without the environment's name. */
  readonly alarm: string;
  /** `page`: the person on call is woken. */
  readonly severity: Severity | 'page';
  /** Minutes since the month began. */
  readonly minute: number;
  /** The same as text, such as `day 10, Wed 14:33`. */
  readonly time: string;
  /** How long the alarm stayed in ALARM, minutes; undefined: to the end, or a page. */
  readonly minutes: number | undefined;
  /** The planned event that explains it; undefined: chance. */
  readonly because: string | undefined;
}

/** What an incident led to. */
export interface IncidentResult {
  readonly name: string;
  /** Alarms that had to fire, with the minutes until they did; undefined: they did not. */
  readonly detected: readonly { readonly alarm: string; readonly minutes: number | undefined }[];
  /** Minutes until the first of them fired. */
  readonly minutesToDetect: number | undefined;
  readonly pages: number;
  readonly pageExpected: boolean;
  /** Minutes from the end of the incident until the last of its alarms was OK again; undefined: not within the simulated time. */
  readonly minutesToClear: number | undefined;
  /** Other alarms that fired and are not declared. */
  readonly others: readonly string[];
  /** What was wrong, sentences without a full stop. */
  readonly failures: readonly string[];
}

/** Share of the month that an alarm was in ALARM, and how often it fired. */
export interface AlarmShare {
  readonly alarm: string;
  readonly share: number;
  readonly fired: number;
  /** Hours of the month in which it was in ALARM, for the picture. */
  readonly hours: readonly number[];
}

/** Content of backtest.json. */
export interface BacktestReport {
  readonly environment: string;
  readonly seed: number;
  readonly days: number;
  /** Alarms that were evaluated. */
  readonly alarms: number;
  readonly month: {
    readonly pages: number;
    /** Warnings that no planned event explains. */
    readonly unexplainedWarnings: number;
    readonly notifications: readonly Notification[];
    /** Alarms that fired at least once. */
    readonly fired: readonly AlarmShare[];
  };
  /** The same month under the earlier rules; undefined where it was not asked for. */
  readonly earlier?: readonly AlarmShare[];
  /** Undefined where they were not asked for. */
  readonly incidents?: readonly IncidentResult[];
  readonly seconds: number;
  readonly failures: readonly string[];
  readonly ok: boolean;
}
