import { secretKind, shownValue } from '../../lib/contract/secret-like';
import { DRILL_KINDS, type DrillKind } from '../../lib/contract/drill';
import { type DrillInput, StepError } from '../../lib/contract/drill-state';

const FIELDS = ['drill', 'targetTime', 'table', 'keepTable'];

/**
 * Checks the input that a person or a schedule started the execution with, and fills in the kind of drill.
 * @throws StepError InvalidInput with one sentence for each fault
 */
export function readInput(input: unknown): DrillInput & { readonly drill: DrillKind } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new StepError(
      'InvalidInput',
      `the input is not a JSON object; allowed: an object with none, some or all of the fields ${FIELDS.join(', ')}`,
    );
  }
  const { drill, targetTime, table, keepTable } = input as Record<string, unknown>;
  const faults = [
    ...Object.keys(input)
      .filter((name) => !FIELDS.includes(name))
      .map((name) => `the field ${shownValue(name)} is unknown; allowed: ${FIELDS.join(', ')}`),
    ...fault('drill', drill, DRILL_KINDS.join(', '), () => DRILL_KINDS.some((kind) => kind === drill)),
    ...fault('targetTime', targetTime, 'a moment in UTC such as 2026-11-24T12:00:00Z', isMoment),
    ...fault('table', table, 'the name of a table in lower case', isTableName),
    ...fault('keepTable', keepTable, 'true or false', (value) => typeof value === 'boolean'),
    ...(keepTable === true && table === undefined
      ? ['keepTable is true without a table; name the table to recover']
      : []),
    ...(targetTime !== undefined && (drill === 'verification' || drill === 'full')
      ? [
          `targetTime is set for the drill ${drill}, which restores the latest moment; allowed: with the drill pointInTime`,
        ]
      : []),
  ];
  if (faults.length > 0) throw new StepError('InvalidInput', faults.join('; '));
  const checked = input as DrillInput;
  return { ...checked, drill: checked.drill ?? (checked.targetTime === undefined ? 'verification' : 'pointInTime') };
}

function fault(field: string, value: unknown, allowed: string, isAllowed: (value: unknown) => boolean): string[] {
  return value === undefined || isAllowed(value) ? [] : [`${field} is ${shownValue(value)}; allowed: ${allowed}`];
}

function isTableName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z_][a-z0-9_]{0,49}$/.test(value) && secretKind(value) === undefined;
}

function isMoment(value: unknown): boolean {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(value) && !isNaN(Date.parse(value))
  );
}
