import { secretKind, secretsIn, shownValue } from '../../lib/shared/secret-like';
import { SECRETS } from '../support/secrets';

test.each(SECRETS)('%s', (kind, secret) => {
  expect(secretKind(secret)).toBe(kind);
  expect(shownValue(secret)).toBe(`something that looks like ${kind} and is not repeated here`);
  expect(shownValue({ a: [secret] })).not.toContain(secret);
  expect(secretsIn({ a: [{ b: secret }] })).toEqual([{ path: ['a', '0', 'b'], kind }]);
  expect(secretsIn({ a: { [secret]: 1 } })).toEqual([{ path: ['a'], kind }]);
});

test.each([
  'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  'arn:aws:iam::123456789012:role/RecoveryApprover',
  'subnet-0123456789abcdef0',
  'pagerduty/production/integration-key',
  'whatsapp-saas/production/pagerduty-key',
  'dba-primary@yourdomain.com',
  'https://example.com:8443/runbooks/PostgreSQLDown.md',
  'PostgreSQLReplicationLag',
  'sun:03:00-sun:04:00',
  'T01234567',
  'the account is not chosen yet, and all environments may share it',
])('%s is no secret', (text) => {
  expect(secretKind(text)).toBeUndefined();
  expect(shownValue(text)).toBe(JSON.stringify(text));
});

test('other values are shown as JSON', () => {
  expect([shownValue(1), shownValue(undefined), shownValue({ a: 10n }), shownValue(null)]).toEqual([
    '1',
    'undefined',
    '{"a":"10n"}',
    'null',
  ]);
});
