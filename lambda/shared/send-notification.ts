import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { chatNotification } from '../../lib/contract/chat-notification';
import type { Notification } from '../../lib/contract/care/section';

/** The most characters of a notification's text: chat shows no more than 8,000 (chatNotification), and mail gets the same. */
const MOST_CHARACTERS = 7500;

/**
 * Sends a notification to a topic, in the forms of mail and chat. A text that is too long ends with a line that says so.
 * @throws the SDK's error
 */
export async function sendNotification(
  sns: Pick<SNSClient, 'send'>,
  topicArn: string,
  { subject, text }: Notification,
): Promise<void> {
  const shown =
    text.length <= MOST_CHARACTERS
      ? text
      : `${text.slice(0, text.lastIndexOf('\n', MOST_CHARACTERS))}\n\n(${text.length - MOST_CHARACTERS} more characters are in the function's log)`;
  await (sns as SNSClient).send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: 'json',
      // Slack receives the https version, mail the default.
      Message: JSON.stringify({ default: shown, https: JSON.stringify(chatNotification(subject, [shown])) }),
    }),
  );
}
