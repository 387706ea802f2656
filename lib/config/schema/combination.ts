import type { EnvironmentConfig } from './environment';

/** A rule on fields that depend on each other. */
export interface Combination {
  /** Fields that the rule reads. It is skipped while one of them has a fault itself. The first is the field that the message names. */
  readonly reads: readonly [string, ...string[]];
  /** What is allowed; undefined when the combination is possible. */
  readonly refuses: (config: EnvironmentConfig) => string | undefined;
}
