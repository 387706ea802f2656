import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { JobFunction } from '../../contract/care/jobs';
import type { RotatedSecret } from '../../contract/roles';
import type { ResourceName } from '../../monitoring/compiler/compiled';
import type { NotificationTopic } from '../../monitoring/paging';
import type { Cache } from '../cache/cache';
import type { ConnectionProxy } from '../database/connection-proxy';
import type { Database } from '../database/database';
import type { NotificationTopics } from '../notifications/notification-topics';

/** Resources that alarms on metrics of AWS services watch. */
export interface AlertResources {
  readonly database: Database;
  /** Default: none, where the environment has no proxy. */
  readonly proxy?: ConnectionProxy;
  /** Default: none, where the environment has no cache. */
  readonly cache?: Cache;
  readonly topics: NotificationTopics;
  /** Default: none, where backups are off. */
  readonly vault?: IBackupVault;
  /** ARN of the state machine of the restore drills, made from its name: its stack is deployed after the alarms. */
  readonly drillMachineArn: string;
  /** Names of the functions that rotate the secrets. Default: none, where nothing rotates them. */
  readonly rotationFunctions: Readonly<Partial<Record<RotatedSecret, string | undefined>>>;
  /** Names of the functions that do scheduled jobs. */
  readonly jobFunctions: Readonly<Record<JobFunction, string>>;
}

/**
 * Finds the names that resources of the compiled alarms have in AWS, for the dimensions of metrics.
 * @returns a function that throws an Error for a resource that the environment does not have
 */
export function resourceNames({
  database,
  proxy,
  cache,
  topics,
  vault,
  drillMachineArn,
  rotationFunctions,
  jobFunctions,
}: AlertResources): (resource: ResourceName) => string {
  const lookUp = ({ kind, name }: ResourceName): string | undefined => {
    switch (kind) {
      case 'server':
        return database.servers.find((server) => server.name === name)?.instance.instanceIdentifier;
      case 'proxy':
        return proxy?.proxyName;
      case 'cacheNode':
        return cache?.nodes.get(name);
      case 'topic':
        // The name may be unknown, although its type says otherwise.
        return (topics.byName as Partial<NotificationTopics['byName']>)[name as NotificationTopic]?.topicName;
      case 'deadLetterQueue':
        return topics.deadLetterQueue.queueName;
      case 'drillMachine':
        return drillMachineArn;
      case 'vault':
        return vault?.backupVaultName;
      case 'rotationFunction':
        return (rotationFunctions as Readonly<Record<string, string | undefined>>)[name];
      case 'jobFunction':
        return (jobFunctions as Readonly<Record<string, string | undefined>>)[name];
    }
  };
  return (resource) => {
    const found = lookUp(resource);
    if (found !== undefined) return found;
    throw new Error(`an alarm watches the ${resource.kind} ${resource.name}, which this environment does not have`);
  };
}

/**
 * Finds the ids that servers have in Database Insights.
 * @returns a function that throws an Error for a server that the environment does not have
 */
export function resourceIds({ servers }: Pick<Database, 'servers'>): (server: string) => string {
  return (server) => {
    const found = servers.find(({ name }) => name === server);
    if (found) return found.resourceId;
    throw new Error(`a dashboard shows the server ${server}, which this environment does not have`);
  };
}
