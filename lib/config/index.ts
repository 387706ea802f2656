import * as environments from './environments';
import { parseEnvironment } from './parse';
import type { EnvironmentConfig } from './schema/environment';

/** The name of an environment. */
export type EnvironmentName = keyof typeof environments;

/** The names of all environments, in alphabetical order. */
export const ENVIRONMENT_NAMES = Object.keys(environments).sort() as EnvironmentName[];

/**
 * The checked configuration of one environment.
 * @throws InvalidConfig when its file has faults
 */
export function loadEnvironment(name: EnvironmentName): EnvironmentConfig {
  return parseEnvironment(name, environments[name]);
}
