import { warningsOf } from '../support/synth';

test('CDK warns of every placeholder of an environment, on the stack that all others need', () => {
  const warnings = warningsOf({});
  expect(warnings.map(([stack]) => stack)).toEqual(['production/Network']);
  const [, text] = warnings[0]!;
  expect(text).toContain('notifications.emails.0 "ops@yourdomain.com"');
  expect(text).toContain('notifications.contacts.0.reach "[phone, to be filled in]"');
});

test('there is no warning without placeholders', () => {
  expect(warningsOf({ notifications: { emails: ['ops@whatsapp-saas.internal'] } })).toEqual([]);
});
