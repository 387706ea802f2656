import { ENVIRONMENT_NAMES, loadEnvironment } from '../config';
import { againstRecord, isSafe, type SafeChange } from './safe-change';
import { fromFolder } from './states';
import { safeChangeText } from './text';

/** An environment that must not be deployed as it is. */
class UnsafeChange extends Error {
  constructor(found: readonly SafeChange[]) {
    super(`nothing is deployed, because a change would lose data:\n${found.map(safeChangeText).join('\n')}`);
    this.name = 'UnsafeChange';
  }
}

/** Every environment of an assembly against its record. */
export function everyEnvironment(folder: string): SafeChange[] {
  return ENVIRONMENT_NAMES.map((name) => againstRecord(loadEnvironment(name), fromFolder(folder, name).templates));
}

/**
 * Stops a deployment that would lose data.
 * @param folder the assembly's, with every environment
 * @throws UnsafeChange with what would be lost, and the safe way
 */
export function refuseUnsafeChanges(folder: string): void {
  const unsafe = everyEnvironment(folder).filter((found) => !isSafe(found));
  if (unsafe.length > 0) throw new UnsafeChange(unsafe);
}
