import {
  type DBInstance,
  DescribeDBInstancesCommand,
  paginateDescribePendingMaintenanceActions,
  type PendingMaintenanceAction,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { InspectedServer } from './env';

/** What RDS says of one server. */
export interface Inspection {
  /** The server's name. */
  readonly server: string;
  readonly instance: DBInstance;
  readonly pendingMaintenance: readonly PendingMaintenanceAction[];
}

/** A server that RDS said nothing of. */
export interface FailedInspection {
  readonly server: string;
  /** The API's error by its name and message, or what its answer lacks. */
  readonly failure: string;
}

/** Asks RDS about one server. Never throws: a failure hides no other server. */
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
    return { server: name, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
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
