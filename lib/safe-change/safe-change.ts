import type { EnvironmentConfig } from '../config/schema/environment';
import { canonical } from './canonical';
import type { Templates } from './compare';
import { judge, type JudgedChange, staleEntries } from './judge';
import { readRecord, recordFile, recordOf } from './record';

/** What a comparison of an environment found. */
export interface SafeChange {
  readonly environment: string;
  /** With what the templates were compared. */
  readonly against: string;
  readonly changes: readonly JudgedChange[];
  /** Entries in allowedChanges to correct or delete, a sentence for each. */
  readonly staleEntries: readonly string[];
}

/** The parts of a configuration that a comparison needs. */
type Config = Pick<EnvironmentConfig, 'name' | 'allowedChanges' | 'accountId'>;

/**
 * Compares two states of an environment and says of each difference whether it may be deployed.
 * @param against what `before` is, for people
 * @param today default: now
 */
export function safeChange(
  { name, allowedChanges, accountId }: Config,
  states: { readonly against: string; readonly before: Templates; readonly after: Templates },
  today = new Date(),
): SafeChange {
  const rules = { allowedChanges, today };
  const { against } = states;
  const [before, after] = [canonical(states.before, accountId), canonical(states.after, accountId)];
  const changes = judge(before, after, rules);
  return { environment: name, against, changes, staleEntries: staleEntries(before, after, rules) };
}

/** The same against the record of the environment, which has its stateful resources only. */
export function againstRecord(config: Config, templates: Templates, today?: Date): SafeChange {
  const [before, after] = [readRecord(config.name), recordOf(templates, config.accountId)];
  return safeChange(config, { against: `the record ${recordFile(config.name)}`, before, after }, today);
}

/** Whether nothing is refused. */
export function isSafe({ changes }: SafeChange): boolean {
  return changes.every(({ verdict }) => verdict !== 'refused');
}
