/** Actions of RDS's API that LocalRds knows, as the API names them. */
const ACTIONS = [
  'RestoreDBInstanceToPointInTime',
  'DescribeDBInstances',
  'DeleteDBInstance',
  'ListTagsForResource',
  'DescribeDBInstanceAutomatedBackups',
] as const;
/** One of them. */
export type RdsAction = (typeof ACTIONS)[number];

/**
 * The action of a command by its schema, because a deployed bundle has an SDK of its own, whose classes are not ours.
 * @throws Error where nothing stands in for it
 */
export function actionOf({ schema }: { schema?: unknown }): RdsAction {
  // [kind, namespace, name, …]: the SDK's static schema of an operation.
  const name: unknown = Array.isArray(schema) ? schema[2] : undefined;
  const action = ACTIONS.find((each) => each === name);
  if (!action) throw new Error(`RDS is asked for ${String(name)}, which nothing on this machine stands in for`);
  return action;
}
