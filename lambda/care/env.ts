import { parsed, required } from '../shared/environment';

/** Environment variables of the function. */
export interface CareEnv {
  /** Value of the dimension `Environment`. */
  readonly ENVIRONMENT: string;
  /** Name of the function that works on the database. */
  readonly DATABASE_FUNCTION: string;
  /** ARN of the topic that gets the notifications. */
  readonly TOPIC: string;
  /** What is looked after, as JSON: CaredEnvironment. */
  readonly CARE: string;
}

/** A server as AWS names it. */
interface CareServer {
  readonly name: string;
  readonly instanceId: string;
  /** How large its volume may become, bytes. */
  readonly storageCeilingBytes: number;
}

/** What is looked after. A part that the environment does not have is absent. */
export interface CaredEnvironment {
  /** The primary first. */
  readonly servers: readonly CareServer[];
  /** In minutes since Monday 00:00 UTC; the end may be in the next week. */
  readonly maintenance: { readonly startMinute: number; readonly endMinute: number };
  /** ARN of the primary, of which AWS Backup has jobs. */
  readonly backedUp?: string;
  /** Secrets that are rotated, and after how many days. */
  readonly rotation?: {
    readonly days: number;
    readonly secrets: readonly { readonly name: string; readonly arn: string }[];
  };
  /** Whether restore drills run. */
  readonly drills: boolean;
  /** Name of the budget. */
  readonly budget?: string;
  /** Metrics of what goes wrong, and what each one counts. */
  readonly errors: readonly {
    readonly namespace: string;
    readonly metric: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly meaning: string;
  }[];
}

/** Settings of the function. */
export interface CareSettings extends CaredEnvironment {
  readonly environment: string;
  readonly region: string;
  readonly databaseFunction: string;
  readonly topic: string;
}

/**
 * Reads the settings.
 * @throws Error naming every variable that is missing
 */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): CareSettings {
  const variables = required(source, ['ENVIRONMENT', 'DATABASE_FUNCTION', 'TOPIC', 'CARE', 'AWS_REGION']);
  return {
    environment: variables.ENVIRONMENT,
    region: variables.AWS_REGION,
    databaseFunction: variables.DATABASE_FUNCTION,
    topic: variables.TOPIC,
    ...parsed<CaredEnvironment>('CARE', variables.CARE),
  };
}
