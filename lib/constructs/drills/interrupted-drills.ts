import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { publishStatements } from '../notifications/publish-statements';

/** Where runs are watched, and who is notified. */
export interface InterruptedDrillsProps {
  readonly environment: string;
  readonly stateMachine: IStateMachine;
  /** In the region of the state machine. */
  readonly topic: ITopic;
  /** Encrypts the topic. */
  readonly key: IKey;
}

/**
 * Notifies of a run of the drill that was stopped or timed out: such a run sends no notification itself. A run that fails does, and in the home
 * region an alarm watches all of them; alarms do not look into another region. Events: Step Functions Developer Guide, "Automating Step
 * Functions event delivery with EventBridge".
 */
export class InterruptedDrills extends Construct {
  constructor(scope: Construct, id: string, { environment, stateMachine, topic, key }: InterruptedDrillsProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: `EventBridge publishes runs of ${environment}'s drills that were interrupted`,
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    for (const statement of publishStatements(this, [topic], key)) role.addToPolicy(statement);
    const status = EventField.fromPath('$.detail.status');
    const text = [
      `A restore drill of ${environment} in the recovery region did not come to its end: ${status}`,
      `Execution: ${EventField.fromPath('$.detail.name')}`,
      'The restored server may be left over, and costs money: the next drill deletes it, or see RestoreDrillFailed in lib/runbooks.',
    ].join('\n');
    const target = new SnsTopic(topic, {
      message: RuleTargetInput.fromMultilineText(text),
      // CDK would grant the topic again, and the key with a wildcard.
      role: role.withoutPolicyUpdates(),
    });
    new Rule(this, 'Rule', {
      description: 'Runs of the drill that were stopped or timed out',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['TIMED_OUT', 'ABORTED'] },
      },
      targets: [target],
    });
  }
}
