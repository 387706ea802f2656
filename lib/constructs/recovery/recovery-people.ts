import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  type Conditions,
  Effect,
  PolicyStatement,
  type PrincipalBase,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { drillMachineName } from '../../contract/drill/kinds';
import { EXECUTION_TAG } from '../../recovery-documents/start-instructions';
import { acknowledgeWildcards } from '../acknowledge';
import { drillMachineArn } from '../drills/drill-machine-arn';

/** The people who recover one environment. */
export interface RecoveryPeopleProps {
  readonly config: Pick<EnvironmentConfig, 'name' | 'recovery'>;
  /** Names of the documents that an operator may start. */
  readonly documentNames: readonly string[];
}

/**
 * A role that starts recovery documents and cannot approve, and one that approves and cannot start. An execution carries the tag
 * EXECUTION_TAG, by which approvals are limited to executions of this environment: an approver cannot signal other executions of the
 * account. AWS does not compare who started with who approves, so nobody may assume both roles: see `recovery` in the configuration.
 */
export class RecoveryPeople extends Construct {
  readonly operator: Role;
  /** Undefined where the configuration names the approvers. */
  readonly approver?: Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RecoveryPeopleProps,
  ) {
    super(scope, id);
    this.operator = this.operatorRole();
    if (props.config.recovery.approvers.length === 0) this.approver = this.approverRole();
  }

  private operatorRole(): Role {
    const { name, recovery } = this.props.config;
    const role = this.role('Operator', {
      description: `Starts recoveries and drills of the ${name} database, and reads; approves nothing`,
      people: recovery.operatorPrincipals,
    });
    const documents = this.props.documentNames.flatMap((document) => [
      this.ssm(`document/${document}`),
      this.ssm(`automation-definition/${document}:*`),
    ]);
    const tagged = { StringEquals: { [`aws:RequestTag/${EXECUTION_TAG}`]: name } };
    const drill = drillMachineArn(this, name);
    const drills = Stack.of(this).formatArn({ service: 'states', resource: `execution:${drillMachineName(name)}:*` });
    const servers = Stack.of(this).formatArn({ service: 'rds', resource: 'db:*' });
    this.allow(role, [
      // The documents, and an execution of one, which must carry the tag.
      { actions: ['ssm:StartAutomationExecution'], resources: documents },
      {
        actions: ['ssm:StartAutomationExecution', 'ssm:AddTagsToResource'],
        resources: [this.executions],
        conditions: tagged,
      },
      { actions: ['ssm:DescribeDocument', 'ssm:GetDocument'], resources: documents },
      { actions: ['ssm:StopAutomationExecution'], resources: [this.executions], conditions: this.ofThisEnvironment },
      { actions: ['states:StartExecution'], resources: [drill] },
      { actions: ['states:DescribeExecution', 'states:GetExecutionHistory'], resources: [drills] },
      { actions: ['rds:DescribeDBInstances'], resources: [servers] },
      { actions: ['cloudwatch:DescribeAlarms', 'rds:DescribeEvents'], resources: ['*'] },
    ]);
    this.read(role);
    role.addToPolicy(
      new PolicyStatement({
        sid: 'NoApproval',
        effect: Effect.DENY,
        actions: ['ssm:SendAutomationSignal'],
        resources: ['*'],
      }),
    );
    return role;
  }

  private approverRole(): Role {
    const { name, recovery } = this.props.config;
    const operators = [this.operator.roleArn, ...recovery.operatorPrincipals];
    const role = this.role('Approver', {
      description: `Approves or rejects recoveries of the ${name} database, and can do nothing else`,
      people: recovery.approverPrincipals,
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': operators } },
    });
    this.allow(role, [
      { actions: ['ssm:SendAutomationSignal'], resources: [this.executions], conditions: this.ofThisEnvironment },
    ]);
    this.read(role);
    return role;
  }

  /** Lets a role find executions and read how far they are. */
  private read(role: Role): void {
    this.allow(role, [
      { actions: ['ssm:GetAutomationExecution'], resources: [this.executions], conditions: this.ofThisEnvironment },
      { actions: ['ssm:DescribeAutomationStepExecutions'], resources: [this.executions] },
      { actions: ['ssm:DescribeAutomationExecutions'], resources: ['*'] },
    ]);
  }

  private role(
    name: 'Operator' | 'Approver',
    {
      description,
      people,
      conditions = {},
    }: { description: string; people: readonly string[]; conditions?: Conditions },
  ): Role {
    const { mfa } = this.props.config.recovery;
    const assumedBy = new PrincipalWithConditions(principalOf(people), {
      ...conditions,
      ...(mfa.enabled && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    });
    const role = new Role(this, name, { description, assumedBy });
    new CfnOutput(this, `${name}Arn`, { value: role.roleArn, description }).overrideLogicalId(`Recovery${name}Role`);
    return role;
  }

  private allow(
    role: Role,
    statements: readonly { actions: string[]; resources: string[]; conditions?: Conditions }[],
  ): void {
    for (const statement of statements) {
      // An environment without backups has no documents.
      if (statement.resources.length > 0) role.addToPolicy(new PolicyStatement(statement));
    }
    acknowledgeWildcards(role, [...new Set(statements.flatMap(({ resources }) => resources))]);
  }

  private get ofThisEnvironment(): Conditions {
    return { StringEquals: { [`aws:ResourceTag/${EXECUTION_TAG}`]: this.props.config.name } };
  }

  private get executions(): string {
    return this.ssm('automation-execution/*');
  }

  private ssm(resource: string): string {
    const { partition, region } = Stack.of(this);
    return `arn:${partition}:ssm:${region}:${Aws.ACCOUNT_ID}:${resource}`;
  }
}

/** Without people: everybody of the account whose IAM policies allow it. */
function principalOf(people: readonly string[]): PrincipalBase {
  return people.length > 0
    ? new CompositePrincipal(...people.map((arn) => new ArnPrincipal(arn)))
    : new AccountRootPrincipal();
}
