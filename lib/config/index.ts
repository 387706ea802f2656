import * as environments from './environments';
import { InvalidConfig, parseEnvironment } from './parse';
import type { EnvironmentConfig } from './schema/environment';
import { OPT_OUT } from './schema/fields';

/** The name of an environment. */
export type EnvironmentName = keyof typeof environments;

/** The names of all environments, in alphabetical order. */
export const ENVIRONMENT_NAMES = Object.keys(environments).sort() as EnvironmentName[];

/**
 * The checked configuration of one environment.
 * @throws InvalidConfig when its file has faults
 */
export function loadEnvironment(name: EnvironmentName): EnvironmentConfig {
  const config = parseEnvironment(name, environments[name]);
  const { accountId, ownAccount } = config;
  const sharing = Object.entries(environments).filter(
    ([other, file]) => other !== name && file.accountId === accountId,
  );
  if (ownAccount.enabled && accountId !== undefined && sharing.length > 0) {
    const names = sharing.map(([other]) => other).join(', ');
    throw new InvalidConfig(name, [
      `accountId is "${accountId}", which ${names} has too; allowed: an account of its own, or ownAccount: ${OPT_OUT}`,
    ]);
  }
  return config;
}
