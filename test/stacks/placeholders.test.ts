import { readFileSync } from 'node:fs';
import { stackTemplates, warningsOf } from '../support/synth';

interface CfnResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

test('CDK warns of every placeholder of an environment, on the stack that all others need', () => {
  const warnings = warningsOf({});
  expect(warnings.map(([stack]) => stack)).toEqual(['production/Network']);
  const text = JSON.parse(warnings[0]![1]) as string;
  expect(text).toContain('notifications.emails.0 "ops@yourdomain.com"');
  expect(text).toContain('notifications.contacts.0.reach "[phone, to be filled in]"');
});

test('there is no warning without placeholders', () => {
  expect(warningsOf({ notifications: { emails: ['ops@whatsapp-saas.internal'] } })).toEqual([]);
});

/** Numbers as the README writes them. */
const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

test('the README says how many mails production sends to be confirmed', () => {
  const subscriptions = Object.values(stackTemplates('production'))
    .flatMap((template) => Object.values(template['Resources'] as Record<string, CfnResource>))
    .filter(({ Type, Properties }) => Type === 'AWS::SNS::Subscription' && Properties?.['Protocol'] === 'email');
  expect(readFileSync('README.md', 'utf8')).toContain(`confirm the ${WORDS[subscriptions.length]} mails`);
});
