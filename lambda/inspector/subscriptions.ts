import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { InspectorMetric } from '../../lib/contract/metrics';
import { nameAndMessage } from '../shared/errors';
import type { SeriesValues } from '../shared/metric-data';
import { isDailyHour } from './daily';
import type { InspectedTopic } from './env';

/** What SNS counts (SNS API Reference, GetTopicAttributes): decimal numbers. */
const COUNTS = ['SubscriptionsConfirmed', 'SubscriptionsPending'] as const;

/** What was found about the subscriptions of all topics. */
interface FoundSubscriptions {
  /** One value for each topic that could be read; without any, no series. */
  readonly series: readonly SeriesValues[];
  /** A sentence for each topic that could not be read. */
  readonly faults: readonly string[];
}

/** The region in which a topic is. */
export function regionOf({ arn }: InspectedTopic): string {
  return arn.split(':')[3] ?? '';
}

/**
 * Counts the subscriptions that are not confirmed, in one hour of each day. SNS deletes an unconfirmed subscription after 48 hours (AWS,
 * "Amazon SNS now supports automatic deletion of unconfirmed subscriptions", May 2023), so what is missing counts as what waits. A
 * confirmed mail subscription that gets too many messages at once waits for confirmation again (AWS re:Post, "Why did I get an email …
 * subscriptions manually deactivated"). A subscription that somebody adds by hand can stand in for a missing one: SNS counts all alike.
 * Subscriptions that Amazon Q makes for Slack are not among those of the templates; one that waits is counted.
 * @param clientOf gives the client of a region: the topic of the drills in the recovery region is there
 */
export async function unconfirmedSubscriptions(
  clientOf: (region: string) => SNSClient,
  topics: readonly InspectedTopic[],
  now: Date,
): Promise<FoundSubscriptions> {
  if (!isDailyHour(now)) return { series: [], faults: [] };
  const found = await Promise.all(topics.map((topic) => inspectTopic(clientOf(regionOf(topic)), topic)));
  const values = found.filter((each) => typeof each === 'number');
  return {
    series: values.length > 0 ? [{ metric: 'sns_unconfirmed_subscriptions' satisfies InspectorMetric, values }] : [],
    faults: found.filter((each) => typeof each === 'string'),
  };
}

/** How many are not confirmed; a sentence where that cannot be known. Never throws, so that a failure does not hide the other topics. */
async function inspectTopic(sns: SNSClient, { arn, subscriptions }: InspectedTopic): Promise<number | string> {
  try {
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    const missing = COUNTS.filter((name) => !/^\d+$/.test(Attributes[name] ?? ''));
    if (missing.length > 0) return `${arn}: SNS does not give ${missing.join(' and ')}`;
    const [confirmed, pending] = COUNTS.map((name) => Number(Attributes[name]));
    return Math.max(pending!, subscriptions - confirmed!);
  } catch (error) {
    return `${arn}: ${nameAndMessage(error)}`;
  }
}
