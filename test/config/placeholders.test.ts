import { loadEnvironment } from '../../lib/config';
import { placeholdersOf } from '../../lib/config/derived/placeholders';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';

const complete = {
  ...production,
  notifications: {
    emails: ['oncall@salons.dev'],
    contacts: [{ role: 'Primary DBA', name: 'Ada Todorova', reach: '+49 30 1234567' }],
    escalation: ['page the on-call DBA', 'the engineering manager, if it is not solved'],
    runbookBaseUrl: 'https://runbooks.salons.dev/database',
  },
};

/** Production, complete except for one text of its notifications. */
const withText = (notifications: object) =>
  placeholdersOf(
    parseEnvironment('production', { ...complete, notifications: { ...complete.notifications, ...notifications } }),
  );

test('the owner’s document leaves the mail address and the contacts of production open', () => {
  expect(placeholdersOf(loadEnvironment('production'))).toEqual([
    { path: 'notifications.emails.0', value: 'ops@yourdomain.com' },
    { path: 'notifications.contacts.0.name', value: '[name, to be filled in]' },
    { path: 'notifications.contacts.0.reach', value: '[phone, to be filled in]' },
    { path: 'notifications.contacts.1.name', value: '[name, to be filled in]' },
    { path: 'notifications.contacts.1.reach', value: '[phone, to be filled in]' },
    { path: 'notifications.contacts.3.reach', value: '[service, to be filled in]' },
  ]);
});

test('a complete configuration has none', () => {
  expect(placeholdersOf(parseEnvironment('production', complete))).toEqual([]);
});

test.each([
  ['notifications.emails.1', { emails: ['oncall@salons.dev', 'ops@mail.yourDomain.com'] }],
  ['notifications.emails.0', { emails: ['ops@example.com'] }],
  ['notifications.emails.0', { emails: ['ops@your-company.com'] }],
  ['notifications.runbookBaseUrl', { runbookBaseUrl: 'https://wiki.example.org/database' }],
  ['notifications.escalation.0', { escalation: ['To be filled in by the owner'] }],
  ['notifications.escalation.0', { escalation: ['TODO'] }],
  ['notifications.contacts.0.reach', { contacts: [{ role: 'DBA', name: 'Ada', reach: '<phone>' }] }],
  ['notifications.contacts.0.name', { contacts: [{ role: 'DBA', name: '???', reach: '+49 30 1234567' }] }],
])('%s of %j is one', (path, notifications) => {
  expect(withText(notifications).map((each) => each.path)).toEqual([path]);
});

test.each([
  [{ emails: ['ops@notyourdomain.com'] }],
  [{ emails: ['example@salons.dev'] }],
  [{ escalation: ['the on-call list, for example #database-ops'] }],
])('%j has none', (notifications) => {
  expect(withText(notifications)).toEqual([]);
});
