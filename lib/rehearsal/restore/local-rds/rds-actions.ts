/** Actions of RDS's API that LocalRds supports, as the API names them. */
const ACTIONS = [
  'RestoreDBInstanceToPointInTime',
  'DescribeDBInstances',
  'DeleteDBInstance',
  'ListTagsForResource',
  'DescribeDBInstanceAutomatedBackups',
] as const;
/** An action of RDS's API that LocalRds supports. */
export type RdsAction = (typeof ACTIONS)[number];

/**
 * Returns the action of a command. It is read from the command's schema, because a deployed bundle contains its own copy of the SDK, whose
 * classes are not ours.
 * @throws Error where LocalRds does not support the action
 */
export function actionOf({ schema }: { schema?: unknown }): RdsAction {
  // [kind, namespace, name, …]: the SDK's static schema of an operation.
  const name: unknown = Array.isArray(schema) ? schema[2] : undefined;
  const action = ACTIONS.find((each) => each === name);
  if (!action) throw new Error(`RDS was called with ${String(name)}; supported here: ${ACTIONS.join(', ')}`);
  return action;
}
