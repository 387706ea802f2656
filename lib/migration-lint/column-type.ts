import type { TypeName } from 'libpg-query';
import { stringsOf } from './names';

/**
 * Whether PostgreSQL 15 changes a column's type without reading the rows, and the running application still reads and writes it: a longer
 * varchar, varchar to text, a numeric of more digits before the point, more digits of a second (varchar_support, numeric_support and
 * TemporalSimplify in its sources). Indexes on the column stay; a CHECK on it is checked again.
 */
export function widens(from: TypeName, to: TypeName): boolean {
  if (from.arrayBounds || to.arrayBounds) return JSON.stringify(bare(from)) === JSON.stringify(bare(to));
  const [oldName, newName] = [nameOf(from), nameOf(to)];
  const [oldMods, newMods] = [modifiersOf(from), modifiersOf(to)];
  if (!oldMods || !newMods) return false;
  const isText = (name: string) => name === 'varchar' || name === 'text';
  if (isText(oldName) && isText(newName)) return newMods.length === 0 || isAtMost(oldMods[0], newMods[0]);
  if (oldName !== newName) return false;
  if (oldMods.join() === newMods.join() || (newMods.length === 0 && WIDENED.includes(oldName))) return true;
  if (oldName === 'numeric') return isAtMost(oldMods[0], newMods[0]) && (oldMods[1] ?? 0) === (newMods[1] ?? 0);
  return WIDENED.includes(oldName) && isAtMost(oldMods[0], newMods[0]);
}

/** Types of which one without a modifier takes all values of one with it. */
const WIDENED = ['varchar', 'numeric', 'varbit', 'time', 'timetz', 'timestamp', 'timestamptz'];

function isAtMost(old: number | undefined, next: number | undefined): boolean {
  return old !== undefined && next !== undefined && old <= next;
}

function nameOf({ names }: TypeName): string {
  return stringsOf(names).at(-1) ?? '';
}

/** The numbers in parentheses after a type; undefined where one is not a number. */
function modifiersOf({ typmods = [] }: TypeName): number[] | undefined {
  const numbers = typmods.map((node) => ('A_Const' in node && node.A_Const.ival ? (node.A_Const.ival.ival ?? 0) : NaN));
  return numbers.some(Number.isNaN) ? undefined : numbers;
}

function bare({ names, arrayBounds, typmods }: TypeName): unknown {
  return { names: stringsOf(names), bounds: arrayBounds?.length, typmods: modifiersOf({ typmods }) };
}
