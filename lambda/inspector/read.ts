import {
  type DBInstance,
  DescribeDBInstancesCommand,
  paginateDescribePendingMaintenanceActions,
  type PendingMaintenanceAction,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { nameAndMessage } from '../shared/errors';
import type { InspectedServer } from './env';

/** RDS's answer about one server. */
export interface Inspection {
  /** The server's name. */
  readonly server: string;
  readonly instance: DBInstance;
  readonly pendingMaintenance: readonly PendingMaintenanceAction[];
}

/** A server that RDS gave no usable answer about. */
export interface FailedInspection {
  readonly server: string;
  /** The name and message of the API's error, or what is missing from its answer. */
  readonly failure: string;
}

/** Asks RDS about one server. Never throws, so that a failure does not hide the other servers. */
export async function inspect(
  rds: RDSClient,
  { name, instanceId }: InspectedServer,
): Promise<Inspection | FailedInspection> {
  try {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: instanceId }));
    const [instance] = DBInstances;
    if (!instance?.DBInstanceArn) return { server: name, failure: `RDS describes no instance ${instanceId}` };
    return { server: name, instance, pendingMaintenance: await pendingMaintenanceOf(rds, instance.DBInstanceArn) };
  } catch (error) {
    return { server: name, failure: nameAndMessage(error) };
  }
}

async function pendingMaintenanceOf(client: RDSClient, arn: string): Promise<PendingMaintenanceAction[]> {
  const actions: PendingMaintenanceAction[] = [];
  for await (const page of paginateDescribePendingMaintenanceActions({ client }, { ResourceIdentifier: arn })) {
    for (const resource of page.PendingMaintenanceActions ?? [])
      actions.push(...(resource.PendingMaintenanceActionDetails ?? []));
  }
  return actions;
}
