import { Aws, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, CompositePrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AccessSettings } from '../../config/schema/people/access';
import { acknowledgeWildcards } from '../acknowledge';

/** A role that people assume. */
export interface PersonRoleProps {
  readonly description: string;
  readonly settings: AccessSettings;
  /** Name of the output that has its ARN. */
  readonly output: string;
  /** ARN of the instance that sessions pass through. */
  readonly gatewayArn: string;
  /** ARNs of the session documents that it may start. */
  readonly documentArns: readonly string[];
  /** ARNs of the parameters in which the addresses are. */
  readonly parameterArns: readonly string[];
}

/**
 * A role that the configured people assume, for an hour at most, with a second factor. The request must come to STS of this region, because
 * only there the alert on it listens. With it they start our session documents on our gateway, and end their own sessions.
 */
export class PersonRole extends Construct {
  readonly role: Role;
  /** What the role may do; add to it. */
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: PersonRoleProps) {
    super(scope, id);
    const { description, settings, output } = props;
    const people = settings.people.map((arn) => new ArnPrincipal(arn));
    this.role = new Role(this, 'Resource', {
      description,
      assumedBy: new CompositePrincipal(...people).withConditions({
        StringEquals: { 'aws:RequestedRegion': Stack.of(this).region },
        ...(settings.mfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      }),
      maxSessionDuration: Duration.hours(1),
    });
    this.policy = new ManagedPolicy(this, 'Policy', {
      description,
      statements: this.statements(props),
      roles: [this.role],
    });
    new CfnOutput(this, 'Arn', { value: this.role.roleArn, description }).overrideLogicalId(output);
  }

  private statements({ gatewayArn, documentArns, parameterArns }: PersonRoleProps): PolicyStatement[] {
    const { partition, region } = Stack.of(this);
    const sessions = `arn:${partition}:ssm:${region}:${Aws.ACCOUNT_ID}:session/*`;
    acknowledgeWildcards(this, [sessions]);
    return [
      // The condition makes Systems Manager check the permission for the document, also for the default one, which is a shell (Systems Manager
      // User Guide, "Start a session with a document by specifying the session documents in IAM policies").
      new PolicyStatement({
        actions: ['ssm:StartSession'],
        resources: [gatewayArn, ...documentArns],
        conditions: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } },
      }),
      new PolicyStatement({
        actions: ['ssm:ResumeSession', 'ssm:TerminateSession'],
        resources: [sessions],
        conditions: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
      }),
      new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [...parameterArns] }),
    ];
  }
}
