import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { notificationOf } from '../../../lib/contract/care/section';
import { sendNotification } from '../../../lambda/shared/send-notification';

const sns = mockClient(SNSClient);
beforeEach(() => sns.reset());

async function messageOf(text: string): Promise<{ default: string; https: string }> {
  await sendNotification(new SNSClient({}), 'arn:topic', { subject: 'Subject', text });
  const { input } = sns.commandCalls(PublishCommand)[0]!.args[0];
  expect(input).toMatchObject({ TopicArn: 'arn:topic', Subject: 'Subject', MessageStructure: 'json' });
  return JSON.parse(input.Message ?? '') as { default: string; https: string };
}

test('mail gets the text, chat the same in its own form', async () => {
  const { default: mail, https } = await messageOf('line 1\nline 2');
  expect(mail).toBe('line 1\nline 2');
  expect(JSON.parse(https)).toMatchObject({
    source: 'custom',
    content: { title: 'Subject', description: 'line 1\nline 2' },
  });
});

test('a text that is too long ends at a line, and says how much is missing', async () => {
  const lines = Array.from({ length: 500 }, (_, n) => `line ${n} with some words`);
  const { default: mail } = await messageOf(lines.join('\n'));
  expect(mail.length).toBeLessThan(7600);
  expect(mail).toMatch(/line \d+ with some words\n\n\(\d+ more characters are in the function's log\)$/);
});

test('what asks for something comes first, and the subject counts it', () => {
  const { subject, text } = notificationOf('Daily digest of production', [
    { title: 'A', state: 'fine', lines: ['a'] },
    { title: 'B', state: 'look', lines: ['b', 'c'] },
    { title: 'C', state: 'failed', lines: ['d'] },
  ]);
  expect(subject).toBe('Daily digest of production: 1 of 3 not found out, 1 of 3 to look at');
  expect(text).toBe('FAILED  C\n    d\n\nLOOK  B\n    b\n    c\n\nok  A\n    a');
});

test('the longest subject fits into SNS’s 100 characters', () => {
  const sections = Array.from({ length: 20 }, (_, n) => ({
    title: String(n),
    state: n % 2 ? ('look' as const) : ('failed' as const),
    lines: [],
  }));
  // A name of an environment has at most 20 characters.
  expect(notificationOf(`Quarterly review of ${'x'.repeat(20)}`, sections).subject.length).toBeLessThanOrEqual(100);
});
