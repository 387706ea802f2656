import { type EnvironmentName, loadEnvironment } from '../config';
import { readRecord, recordFile, recordText } from './record';
import { againstRecord, isSafe } from './safe-change';
import { synthesized } from './states';
import { safeChangeText } from './text';

/** What has to happen to the record of an environment. */
export interface RecordUpdate {
  /** From the project's root. */
  readonly file: string;
  /** What it should be; undefined where it is that already, or where something is refused. */
  readonly text?: string;
  /** What is refused: a person decides before the record is written. */
  readonly refused?: string;
}

/** Synthesizes an environment and compares it with its record. */
export function recordUpdate(environment: EnvironmentName): RecordUpdate {
  const file = recordFile(environment);
  const { templates } = synthesized(environment, { bundle: false });
  const found = againstRecord(loadEnvironment(environment), templates);
  if (!isSafe(found)) return { file, refused: `${file} is not written: ${safeChangeText(found)}` };
  const text = recordText(templates);
  return text === recordText(readRecord(environment)) ? { file } : { file, text };
}
