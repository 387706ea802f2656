import { secretKind, shownValue } from '../../lib/contract/secret-like';
import { DRILL_KINDS, type DrillKind, type DrillPurpose } from '../../lib/contract/drill/kinds';
import { type DrillInput, type RecoveryInput, StepError } from '../../lib/contract/drill/state';

/** What an execution is to do. */
export interface DrillOrder {
  readonly drill: DrillKind;
  /** Default: depends on the kind of drill. */
  readonly targetTime?: string;
  /** Table to copy into the source. Default: none. */
  readonly table?: string;
}

const FIELDS: Readonly<Record<DrillPurpose, readonly string[]>> = {
  drill: ['drill', 'targetTime'] satisfies (keyof DrillInput)[],
  recovery: ['targetTime', 'table'] satisfies (keyof RecoveryInput)[],
};

/**
 * Checks the input of an execution and fills in the kind of drill.
 * @param table that drills copy, except for verifications. Default: none
 * @throws StepError InvalidInput with one sentence for each fault
 */
export function readInput(input: unknown, purpose: DrillPurpose, table?: string): DrillOrder {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new StepError(
      'InvalidInput',
      `the input is not a JSON object; allowed: an object with fields of ${FIELDS[purpose].join(', ')}`,
    );
  }
  const faults = [
    ...Object.keys(input)
      .filter((name) => !FIELDS[purpose].includes(name))
      .map((name) => `the field ${shownValue(name)} is unknown; allowed: ${FIELDS[purpose].join(', ')}`),
    ...(purpose === 'drill' ? drillFaults(input) : recoveryFaults(input)),
  ];
  if (faults.length > 0) throw new StepError('InvalidInput', faults.join('; '));
  if (purpose === 'recovery') return { drill: 'pointInTime', ...(input as RecoveryInput) };
  const { targetTime, drill = targetTime === undefined ? 'verification' : 'pointInTime' } = input as DrillInput;
  return { drill, targetTime, table: drill === 'verification' ? undefined : table };
}

function drillFaults({ drill, targetTime }: { readonly drill?: unknown; readonly targetTime?: unknown }): string[] {
  return [
    ...(drill === undefined || DRILL_KINDS.some((kind) => kind === drill)
      ? []
      : [fault('drill', drill, DRILL_KINDS.join(', '))]),
    ...(targetTime === undefined || isMoment(targetTime) ? [] : [fault('targetTime', targetTime, MOMENT)]),
    ...(targetTime !== undefined && (drill === 'verification' || drill === 'full')
      ? [
          `targetTime is set for the drill ${drill}, which restores the latest moment; allowed: with the drill pointInTime`,
        ]
      : []),
  ];
}

function recoveryFaults({ targetTime, table }: { readonly targetTime?: unknown; readonly table?: unknown }): string[] {
  return [
    ...(isMoment(targetTime) ? [] : [fault('targetTime', targetTime, MOMENT)]),
    ...(isTableName(table) ? [] : [fault('table', table, 'the name of a table in lower case')]),
  ];
}

const MOMENT = 'a moment in UTC such as 2026-11-24T12:00:00Z';

function fault(field: string, value: unknown, allowed: string): string {
  return `${field} is ${value === undefined ? 'missing' : shownValue(value)}; allowed: ${allowed}`;
}

function isTableName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z_][a-z0-9_]{0,49}$/.test(value) && secretKind(value) === undefined;
}

function isMoment(value: unknown): boolean {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(value) && !isNaN(Date.parse(value))
  );
}
