import { InvalidConfig, parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';

const notifications = (integrationKeySecretName: string) => ({
  ...production,
  notifications: { ...production.notifications, pagerDuty: { integrationKeySecretName } },
});

test.each([
  '0123456789abcdef0123456789abcdef',
  'R0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123',
  'y_NbAkKc66ryYTWUXYEu',
  'u+Abc9Def8Ghi7Jkl6Mn',
])('a key of PagerDuty in the place of its secret’s name is refused, and in no message (%#)', (key) => {
  let message = '';
  try {
    parseEnvironment('production', notifications(key));
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfig);
    ({ message } = error as Error);
  }
  expect(message).toContain('notifications.pagerDuty.integrationKeySecretName looks like a key of ');
  expect(message).not.toContain(key);
});

test.each(['pager-duty', 'pager-duty/database', 'production/pagerduty-integration-key-1', 'pagerdutykey'])(
  'the name %s is accepted',
  (name) =>
    expect(parseEnvironment('production', notifications(name)).notifications.pagerDuty).toEqual({
      integrationKeySecretName: name,
    }),
);
