import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../config';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { Templates } from './compare';
import { readRecord, recordFile, recordText } from './record';
import { againstRecord, isSafe } from './safe-change';
import { fromFolder } from './states';
import { safeChangeText } from './text';

/** What has to happen to the record of an environment. */
interface RecordUpdate {
  /** From the project's root. */
  readonly file: string;
  /** What it should be; undefined where it is that already, or where something is refused. */
  readonly text?: string;
  /** What is refused: a person decides before the record is written. */
  readonly refused?: string;
}

/** Synthesizes every environment and compares it with its record. */
export function recordUpdates(): RecordUpdate[] {
  const outdir = mkdtempSync(join(tmpdir(), 'records-'));
  try {
    createApp({ outdir, bundle: false }).synth();
    return ENVIRONMENT_NAMES.map((name) => recordUpdate(loadEnvironment(name), fromFolder(outdir, name).templates));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The same of one environment whose templates are known. */
export function recordUpdate(
  config: Pick<EnvironmentConfig, 'name' | 'allowedChanges' | 'accountId'>,
  templates: Templates,
): RecordUpdate {
  const file = recordFile(config.name);
  const found = againstRecord(config, templates);
  if (!isSafe(found)) return { file, refused: `${file} is not written: ${safeChangeText(found)}` };
  const text = recordText(templates, config.accountId);
  return text === recordText(readRecord(config.name)) ? { file } : { file, text };
}
