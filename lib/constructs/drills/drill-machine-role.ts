import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge';
import { publishStatements } from '../notifications/publish-statements';

/** What a state machine calls. */
export interface DrillMachineCalls {
  /** Calls RDS. */
  readonly drill: IFunction;
  /** Connects to the databases. */
  readonly check: IFunction;
  /** Copies a table into the source, where it makes a copy at all. Default: none is copied. */
  readonly copy?: IFunction;
  /** Topics for success and for failure, in this region. */
  readonly topics: { readonly succeeded: ITopic; readonly failed: ITopic };
  /** Encrypts the logs and the topics. */
  readonly logsKey: IKey;
}

const DELIVER_LOGS = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];
const DELIVER_TRACES = [
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/**
 * The role of a state machine that restores: it calls the functions, not versions of them, publishes the result, and delivers the log and
 * the trace of an execution.
 */
export function drillMachineRole(scope: Construct, calls: DrillMachineCalls): Role {
  const { drill, check, copy = check, topics, logsKey } = calls;
  const role = new Role(scope, 'Role', {
    description: 'Lets a state machine of the drills call its functions and publish its result',
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
  });
  const functions = [...new Set([drill, check, copy])].map(({ functionArn }) => functionArn);
  const statements = [
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions }),
    ...publishStatements(role, [...new Set([topics.succeeded, topics.failed])], logsKey),
    // Neither supports resources (Step Functions Developer Guide, "Logging" and "X-Ray").
    new PolicyStatement({ actions: [...DELIVER_LOGS, ...DELIVER_TRACES], resources: ['*'] }),
  ];
  for (const statement of statements) role.addToPolicy(statement);
  acknowledgeWildcards(role, ['*']);
  return role;
}
