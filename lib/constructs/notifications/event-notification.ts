import {
  type CfnRule,
  EventField,
  type EventPattern,
  Rule,
  type RuleProps,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { chatNotification } from '../../contract/chat-notification';
import type { NotificationTopics } from './notification-topics';

/** `detail-type` of calls of AWS's APIs. */
export const API_CALL = 'AWS API Call via CloudTrail';

/** A field of an event: its path, such as `$.detail.state`. */
type Path = `$.${string}`;

/** Events, and the notification that each of them sends. */
export interface EventNotificationProps extends Pick<RuleProps, 'ruleName' | 'description'> {
  readonly pattern: EventPattern;
  /** Those among `topics` that are notified. */
  readonly to: readonly Topic[];
  readonly topics: NotificationTopics;
  readonly title: string;
  /** Short values that no event has quotes or line breaks in: states, names, ARNs, times. By their label. */
  readonly facts?: Readonly<Record<string, Path>>;
  /** A sentence of AWS, which may have quotes and line breaks in it. Default: there is none. */
  readonly sentence?: {
    readonly label: string;
    /** Its field in `detail`. */
    readonly field: string;
    /** Whether some of the events lack it. Default false. */
    readonly mayLack?: boolean;
  };
  /** What is always said. Default: nothing. */
  readonly lines?: readonly string[];
}

/**
 * An EventBridge rule that notifies topics, each in the form that its subscribers read: sentences where it sends mail, Amazon Q
 * Developer's JSON where it goes to Slack.
 *
 * EventBridge does not escape values that it puts into a template (its user guide, "Amazon EventBridge input transformation", "Common
 * issues"): within a string, a value with a quote or a line break makes the JSON invalid, and nothing is delivered. A value that is the
 * whole value of a field gets its quotes from EventBridge, "to ensure the transformation output is valid JSON"; that this includes escaping
 * is unconfirmed. So the sentence is a field of its own; events without it have a separate rule, because nothing says what EventBridge puts
 * there. A template that is no JSON may contain anything: each line of a text is in quotes,
 * which the mail shows.
 */
export class EventNotification extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: EventNotificationProps) {
    super(scope, id);
    const { ruleName, pattern, sentence } = props;
    if (!sentence?.mayLack) {
      this.rule = this.notify('Resource', pattern, props, ruleName);
      return;
    }
    const where = (exists: boolean) => ({ ...pattern, detail: { ...pattern.detail, [sentence.field]: [{ exists }] } });
    this.rule = this.notify('Resource', where(true), props, ruleName);
    this.notify('WithoutSentence', where(false), { ...props, sentence: undefined });
  }

  private notify(id: string, eventPattern: EventPattern, props: EventNotificationProps, ruleName?: string): Rule {
    const { description, to, topics } = props;
    const rule = new Rule(this, id, { ruleName, description, eventPattern });
    if (eventPattern.detailType?.includes(API_CALL)) {
      // Calls that read match only so. CDK's own class does not know the state.
      (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    }
    for (const topic of to) {
      const message = topics.isChat(topic)
        ? chat(props)
        : RuleTargetInput.fromMultilineText(mailLines(props).join('\n'));
      rule.addTarget(new SnsTopic(topic, { message, role: topics.eventRole, deadLetterQueue: topics.deadLetterQueue }));
    }
    return rule;
  }
}

function chat({ title, facts = {}, sentence, lines = [] }: EventNotificationProps): RuleTargetInput {
  const rest = [...factLines(facts), ...lines];
  return RuleTargetInput.fromObject(
    sentence
      ? chatNotification(title, [EventField.fromPath(`$.detail.${sentence.field}`)], rest)
      : chatNotification(title, rest),
  );
}

function mailLines({ title, facts = {}, sentence, lines = [] }: EventNotificationProps): string[] {
  const said = sentence ? [`${sentence.label}: ${EventField.fromPath(`$.detail.${sentence.field}`)}`] : [];
  return [title, ...said, ...factLines(facts), ...lines];
}

function factLines(facts: Readonly<Record<string, Path>>): string[] {
  // Every event has a time. Without any field CDK would make a constant of the lines, and a constant must be JSON, which lines are not.
  const shown = { ...facts, Time: '$.time' };
  return Object.entries(shown).map(([label, path]) => `${label}: ${EventField.fromPath(path)}`);
}
