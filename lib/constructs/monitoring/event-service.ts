import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Database } from '../database/database';
import type { EventNotificationProps } from '../notifications/event-notification';
import type { PeopleAccess } from '../people/people-access';

/** What events are about. */
export interface EventResources {
  readonly database: Database;
  /** Default: there are no backups. */
  readonly vaults?: readonly IBackupVault[];
  /** The function that runs the migrations. */
  readonly migrate: IFunction;
  /** Whether functions reach Secrets Manager through an endpoint. */
  readonly hasEndpoints: boolean;
  /** Default: people have no access. */
  readonly people?: PeopleAccess;
}

/** Fields of a service's events. */
export interface EventService {
  /** Part of the pattern that excludes other databases of the account. */
  readonly ours: (resources: EventResources) => Pick<EventPattern, 'resources' | 'detail'>;
  /** The field of `detail` that says what happened. */
  readonly sentence: Pick<NonNullable<EventNotificationProps['sentence']>, 'field' | 'mayLack'>;
  /** Who, from where … Default: nothing. */
  readonly facts?: EventNotificationProps['facts'];
}
