import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { ResourceName } from '../../monitoring/compiler/compiled';
import type { NotificationTopic } from '../../monitoring/paging';
import type { Database } from '../database/database';
import type { NotificationTopics } from '../notifications/notification-topics';

/** What alarms on AWS's own metrics watch. */
export interface AlertResources {
  readonly database: Database;
  readonly topics: NotificationTopics;
  /** Absent where backups are off. */
  readonly vault?: IBackupVault;
  /** ARN of the state machine of the restore drills, by its name: its stack comes after the alarms. */
  readonly drillMachineArn: string;
}

/**
 * Gives the resources that the compiler speaks of their names in AWS, which dimensions carry.
 * @returns a function that throws an Error for a resource which the environment does not have
 */
export function resourceNames({
  database,
  topics,
  vault,
  drillMachineArn,
}: AlertResources): (resource: ResourceName) => string {
  const lookUp = ({ kind, name }: ResourceName): string | undefined => {
    switch (kind) {
      case 'server':
        return database.servers.find((server) => server.name === name)?.instance.instanceIdentifier;
      case 'proxy':
        return database.proxyName;
      case 'topic':
        // Typed wider than it is: a name that is no topic's finds nothing.
        return (topics.byName as Partial<NotificationTopics['byName']>)[name as NotificationTopic]?.topicName;
      case 'deadLetterQueue':
        return topics.deadLetterQueue.queueName;
      case 'drillMachine':
        return drillMachineArn;
      case 'vault':
        return vault?.backupVaultName;
    }
  };
  return (resource) => {
    const found = lookUp(resource);
    if (found !== undefined) return found;
    throw new Error(`an alarm watches the ${resource.kind} ${resource.name}, which this environment does not have`);
  };
}
