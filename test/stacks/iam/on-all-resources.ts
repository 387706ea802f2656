/** Actions that IAM authorizes for no resource, so that they stand on all of them. actions.test.ts checks that against AWS's own data. */
export const WITHOUT_RESOURCE = [
  'backup:ListBackupJobs',
  'backup:ListRestoreJobs',
  'backup:PutRestoreValidationResult',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSubnets',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:UpdateLogDelivery',
  'logs:PutResourcePolicy',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'rds:DescribeEvents',
  'ssm:DescribeAutomationExecutions',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];
/** Actions on all resources although they have a resource type, and why. */
export const ON_ALL_RESOURCES: Readonly<Record<string, string>> = {
  'cloudwatch:DescribeAlarmHistory':
    'the care function reads the history of all alarms in one request, which names none',
  'cloudwatch:DescribeAlarms':
    'the operator, the care function and the drift check list alarms; a request without names is authorized on all',
  'cloudwatch:GetMetricData': 'its only resource type is a dataset, which metrics outside of one do not have',
  'cloudwatch:PutMetricData': 'the same; the namespace is its condition',
};
