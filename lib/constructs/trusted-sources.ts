import { Aws, CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What a service tells IAM of the resource for which it assumes a role. */
interface Source {
  /**
   * Whether AWS documents that the service always names the account. For the others the condition holds only where the service names one: a
   * condition on what it does not send would lock it out. Such a role is still safe from other accounts, because nobody can pass a role
   * to a service of another account (IAM User Guide, "Granting a user permissions to pass a role to an AWS service").
   */
  readonly documented: boolean;
  /** Service and resource of the ARN that it names. Default: it names none, or AWS does not document it. */
  readonly arn?: readonly [service: string, resource: string];
}

/** Services that assume roles of this project. */
const SOURCES: Readonly<Record<string, Source>> = {
  // Step Functions Developer Guide, "Cross-service confused deputy prevention".
  'states.amazonaws.com': { documented: true, arn: ['states', 'stateMachine:*'] },
  // EventBridge Scheduler User Guide, "Confused deputy prevention": the ARN is the schedule group's.
  'scheduler.amazonaws.com': { documented: true, arn: ['scheduler', 'schedule-group/default'] },
  // EventBridge User Guide, "Cross-service confused deputy prevention".
  'events.amazonaws.com': { documented: true, arn: ['events', 'rule/*'] },
  // VPC User Guide, "Publish flow logs to CloudWatch Logs".
  'vpc-flow-logs.amazonaws.com': { documented: true, arn: ['ec2', 'vpc-flow-log/*'] },
  // Systems Manager User Guide, "Setting up Automation".
  'ssm.amazonaws.com': { documented: true, arn: ['ssm', 'automation-execution/*'] },
  // RDS User Guide, "Setting up and enabling Enhanced Monitoring".
  'monitoring.rds.amazonaws.com': { documented: true, arn: ['rds', 'db:*'] },
  // The RDS User Guide has both keys for roles of instances ("Preventing cross-service confused deputy problems"), not for those of proxies.
  'rds.amazonaws.com': { documented: false },
  // The AWS Backup developer guide has the keys for policies of topics and keys, not for roles.
  'backup.amazonaws.com': { documented: false },
  // Neither guide has the keys for roles. An instance profile's role is assumed by EC2 for its instance.
  'ec2.amazonaws.com': { documented: false },
  'lambda.amazonaws.com': { documented: false },
  'chatbot.amazonaws.com': { documented: false },
};

interface TrustPolicy {
  readonly Statement: readonly { readonly Principal: { readonly Service?: string | readonly string[] } }[];
}

/**
 * Lets a service assume a role only for resources of this account, and of the kind that the role is for, where AWS documents that the
 * service says so. An aspect, because CDK makes most of the roles.
 */
export class TrustedSources implements IAspect {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node) || node.cfnResourceType !== 'AWS::IAM::Role') return;
    trustOf(node).Statement.forEach(({ Principal: { Service = [] } }, index) => {
      const services = [Service].flat();
      if (services.length > 0) limit(node, index, services);
    });
  }
}

function limit(role: CfnResource, index: number, services: readonly string[]): void {
  const [source, another] = services.map((service) => SOURCES[service]);
  if (!source || another) {
    throw new Error(
      `${role.node.path} trusts ${services.join(' and ')}; allowed: one of ${Object.keys(SOURCES).join(', ')}; find out what the service sends, and add it to trusted-sources.ts`,
    );
  }
  const { documented, arn } = source;
  const condition = `AssumeRolePolicyDocument.Statement.${index}.Condition`;
  const operator = documented ? 'StringEquals' : 'StringEqualsIfExists';
  role.addPropertyOverride(`${condition}.${operator}.aws:SourceAccount`, Aws.ACCOUNT_ID);
  if (!arn) return;
  const { partition, region } = Stack.of(role);
  const [service, resource] = arn;
  role.addPropertyOverride(
    `${condition}.ArnLike.aws:SourceArn`,
    `arn:${partition}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`,
  );
}

/** CDK's own classes spell properties differently from those of its providers. */
function trustOf(role: CfnResource): TrustPolicy {
  const { assumeRolePolicyDocument, AssumeRolePolicyDocument } = Reflect.get(role, 'cfnProperties') as Record<
    string,
    unknown
  >;
  return Stack.of(role).resolve(assumeRolePolicyDocument ?? AssumeRolePolicyDocument) as TrustPolicy;
}
