import { parsed, required } from '../shared/environment';

/** Environment variables of the inspector. */
export interface InspectorEnv {
  /** Value of the dimension `Environment`. */
  readonly ENVIRONMENT: string;
  /** The servers as JSON, the primary first: `[{"name": "primary", "instanceId": "…"}, …]`. */
  readonly SERVERS: string;
  /** ARN of the state machine of the restore drills; `off` where none run. */
  readonly DRILLS: string;
  /** The topics that people subscribe to, as JSON: `[{"arn": "…", "subscriptions": 1}, …]`. */
  readonly TOPICS: string;
}

/** A server that the inspector asks RDS about. */
export interface InspectedServer {
  readonly name: string;
  readonly instanceId: string;
}

/** A topic that notifies people. */
export interface InspectedTopic {
  /** It also tells the region. */
  readonly arn: string;
  /** How many subscriptions the templates give it. */
  readonly subscriptions: number;
}

/** Settings of the inspector. */
export interface InspectorSettings {
  readonly environment: string;
  readonly region: string;
  readonly servers: readonly InspectedServer[];
  /** ARN of the state machine of the restore drills. Default: none run. */
  readonly drills?: string;
  readonly topics: readonly InspectedTopic[];
}

/**
 * Reads the inspector's settings.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): InspectorSettings {
  const variables = required(source, ['ENVIRONMENT', 'SERVERS', 'DRILLS', 'TOPICS', 'AWS_REGION']);
  return {
    environment: variables.ENVIRONMENT,
    region: variables.AWS_REGION,
    servers: parsed<InspectedServer[]>('SERVERS', variables.SERVERS),
    topics: parsed<InspectedTopic[]>('TOPICS', variables.TOPICS),
    ...(variables.DRILLS !== 'off' && { drills: variables.DRILLS }),
  };
}
