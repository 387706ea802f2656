import { chatNotification } from '../../lib/contract/chat-notification';
import { instanceName } from '../../lib/contract/drill/kinds';
import type { CaughtError, DrillState, StepEvent } from '../../lib/contract/drill/state';
import type { DrillSettings } from './env';
import { hasFailed } from './measure';

/** The notification of a drill's result, in the forms of SNS. */
export interface DrillSummary {
  readonly failed: boolean;
  readonly subject: string;
  /** By protocol: `default` is the text for mail, `https` the JSON that Amazon Q Developer shows in Slack. */
  readonly message: { readonly default: string; readonly https: string };
}

/** The result of a drill in sentences. */
export function summarize(
  { execution, purpose, state }: Pick<StepEvent, 'execution' | 'purpose' | 'state'>,
  { environment }: Pick<DrillSettings, 'environment'>,
): DrillSummary {
  const { target, failure, cleanupFailure, sweepFailure, swept, sweptCopies } = state;
  const failed = hasFailed(state);
  const name =
    purpose === 'recovery'
      ? `Recovery of a table of ${environment}`
      : `Restore drill of ${environment}${target ? ` (${target.drill})` : ''}`;
  const subject = `${name} ${failed ? 'failed' : 'succeeded'}`;
  const lines = [
    ...(failure ? [`Why: ${reasonOf(failure)}`] : []),
    ...(cleanupFailure
      ? [
          `Not cleaned up: ${reasonOf(cleanupFailure)}`,
          `Check whether the instance ${instanceName(environment, execution)} still exists, and delete it.`,
        ]
      : []),
    ...(sweepFailure ? [`Not cleaned up: ${reasonOf(sweepFailure)}`] : []),
    ...measuredLines(state),
    ...(swept && swept.deleted.length > 0 ? [`Leftovers of earlier drills deleted: ${swept.deleted.join(', ')}`] : []),
    ...(sweptCopies && sweptCopies.overdue.length > 0
      ? [
          `Copies for people that are over a week old; drop them, or the first drill after 30 days does: ${sweptCopies.overdue.join(', ')}`,
        ]
      : []),
    `Execution: ${execution}`,
  ];
  return {
    failed,
    subject,
    message: { default: lines.join('\n'), https: JSON.stringify(chatNotification(subject, lines)) },
  };
}

function measuredLines({ target, validation, recovery, measured }: DrillState): string[] {
  return [
    ...(target ? [`Restored to: ${target.restoreTime ?? 'the latest recovery point'}`] : []),
    ...(measured
      ? [
          `Recovery time: ${minutes(measured.recoveryTimeSeconds)} (restore ${minutes(measured.restoreSeconds)}, ` +
            `first session ${seconds(measured.connectSeconds)}, checks ${seconds(measured.validateSeconds)})`,
          `Recovery point: ${seconds(measured.recoveryPointSeconds)} before the wanted moment`,
        ]
      : []),
    ...(validation
      ? [
          validation.tables.length > 0
            ? `Tables: ${validation.tables.map(({ table, restoredRows, sourceRows }) => `${table} ${restoredRows ?? 'missing'} of ${sourceRows ?? 'none'}`).join(', ')}`
            : 'Tables: not compared, because the source is in another region',
          `Migrations: ${validation.migrations}; checksums of pages: ${validation.dataChecksums ? 'on' : 'off'}; read as ${validation.roles.join(', ')}`,
        ]
      : []),
    ...(recovery
      ? [
          `Table recovered: ${recovery.copy}, ${recovery.rows} rows in ${seconds(recovery.seconds)}, ${recovery.kept ? 'kept' : 'dropped again'}`,
        ]
      : []),
  ];
}

/** The message of an error: unwrapped from Lambda's JSON, and shortened because a message of SNS has at most 256 KiB. */
export function reasonOf({ Error: name, Cause: cause }: CaughtError): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    if (typeof errorMessage === 'string') return `${name}: ${errorMessage.slice(0, 2000)}`;
  } catch {
    // Not JSON: errors of Step Functions are plain text.
  }
  return cause === '' ? name : `${name}: ${cause.slice(0, 2000)}`;
}

function minutes(value: number): string {
  return `${(value / 60).toFixed(1)} min`;
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}
