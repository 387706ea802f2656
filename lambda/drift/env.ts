import type { DriftedStack } from '../../lib/drift/drift';
import { parsed, required } from '../shared/environment';

/** Environment variables of the function. */
export interface DriftEnv {
  /** Value of the dimension `Environment`. */
  readonly ENVIRONMENT: string;
  /** The stacks of the environment as JSON: `[{"name": "production-Database", "region": "us-east-1"}, …]`. */
  readonly STACKS: string;
  /** ARN of the topic that gets the notifications. */
  readonly TOPIC: string;
}

/** Settings of the function. */
export interface DriftSettings {
  readonly environment: string;
  readonly region: string;
  readonly stacks: readonly DriftedStack[];
  readonly topic: string;
}

/**
 * Reads the settings.
 * @throws Error naming every variable that is missing
 */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): DriftSettings {
  const variables = required(source, ['ENVIRONMENT', 'STACKS', 'TOPIC', 'AWS_REGION']);
  return {
    environment: variables.ENVIRONMENT,
    region: variables.AWS_REGION,
    stacks: parsed<DriftedStack[]>('STACKS', variables.STACKS),
    topic: variables.TOPIC,
  };
}
