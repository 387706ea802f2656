import { describeIssue } from '../shared/faults';
import { secretsIn } from '../shared/secret-like';
import { checkCombinations } from './schema/combinations';
import { type EnvironmentConfig, environmentSchema } from './schema/environment';

// The combinations are checked even when a field has a fault, so that a person sees all faults at once.
const checkedSchema = environmentSchema.superRefine(checkCombinations, { when: () => true });

/** A configuration that cannot be deployed; `faults` has one sentence for each fault. */
export class InvalidConfig extends Error {
  constructor(
    readonly environment: string,
    readonly faults: readonly string[],
  ) {
    super([`the configuration of ${environment} has ${faults.length} fault(s):`, ...faults].join('\n  - '));
    this.name = 'InvalidConfig';
  }
}

/**
 * Checks an environment and fills in its defaults.
 * @param name the environment's name
 * @param settings what its file says; typed loosely, because everything in it is checked
 * @throws InvalidConfig with every fault at once, each a sentence: the field, the value found, what is allowed
 */
export function parseEnvironment(name: string, settings: object): EnvironmentConfig {
  const input = { ...settings, name };
  const secrets = secretsIn(settings).map(
    ({ path, kind }) =>
      `${path.join('.') || 'the configuration'} looks like ${kind}; a secret must never be in a file, because it would be in templates and logs: revoke it, keep the new one in Secrets Manager and write its name here`,
  );
  if (secrets.length > 0) throw new InvalidConfig(name, secrets);
  const result = checkedSchema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new InvalidConfig(
    name,
    result.error.issues.flatMap((issue) => describeIssue(issue, input, 'the configuration')),
  );
}
