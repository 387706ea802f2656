import { required } from '../shared/environment';

/** Environment variables of the validation of restore tests. */
export interface RestoreValidationEnv {
  readonly ENVIRONMENT: string;
  /** Name of the function that logs in to restored databases (lambda/drill-check). */
  readonly CHECK_FUNCTION: string;
  /** Topic for tests that passed. */
  readonly PASSED_TOPIC_ARN: string;
  /** Topic for tests that failed. */
  readonly FAILED_TOPIC_ARN: string;
}

/** Settings of the validation. */
export interface RestoreValidationSettings {
  readonly environment: string;
  readonly checkFunction: string;
  readonly topics: { readonly passed: string; readonly failed: string };
}

/**
 * Reads the settings.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): RestoreValidationSettings & { readonly region: string } {
  const variables = required(source, [
    'ENVIRONMENT',
    'CHECK_FUNCTION',
    'PASSED_TOPIC_ARN',
    'FAILED_TOPIC_ARN',
    'AWS_REGION',
  ]);
  return {
    environment: variables.ENVIRONMENT,
    checkFunction: variables.CHECK_FUNCTION,
    topics: { passed: variables.PASSED_TOPIC_ARN, failed: variables.FAILED_TOPIC_ARN },
    region: variables.AWS_REGION,
  };
}
