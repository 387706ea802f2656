import type { AlarmProof } from '../alarms/alarm-proof';
import type { RehearsalReport, UnfinishedReport } from '../report';

/** A proof with what newer reports say about it. */
export interface ShownAlarm extends AlarmProof {
  /** The values just above and just below the threshold, in words. */
  readonly fires?: string;
  readonly staysOk?: string;
  /** Whom it notified. */
  readonly topics?: readonly string[];
}

/** A score of `npm run readiness`, 0 to 10. */
interface Readiness {
  readonly score: number;
}

/** A report with the parts that not every version of rehearsal.json has. */
export interface ShownReport extends Omit<RehearsalReport, 'alarms' | 'crossTalk' | 'eventRules' | 'readiness'> {
  readonly alarms: readonly ShownAlarm[];
  readonly crossTalk?: readonly { readonly during: string; readonly alarm: string; readonly why?: string }[];
  readonly eventRules?: readonly {
    readonly rule: string;
    readonly tells: string;
    readonly matched: number;
    readonly refused: number;
    readonly faults: readonly string[];
  }[];
  readonly readiness?: { readonly before: Readiness; readonly after: Readiness };
}

/** What a page can be made from. */
export type AnyReport = ShownReport | UnfinishedReport;
