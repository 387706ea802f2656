import { dev } from './dev';
import { parseEnvironment } from './parse';
import { production } from './production';
import type { EnvironmentConfig, EnvironmentName } from './schema/environment';
import { staging } from './staging';

/** The names of the environments, in the order of a release. */
export const ENVIRONMENT_NAMES = ['dev', 'staging', 'production'] as const satisfies readonly EnvironmentName[];

const inputs = { dev, staging, production };

/**
 * The checked configuration of one environment.
 * @throws InvalidConfig when its file has faults.
 */
export function loadEnvironment(name: EnvironmentName): EnvironmentConfig {
  return parseEnvironment(inputs[name]);
}
