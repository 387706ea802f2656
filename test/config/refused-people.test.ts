import { type Draft, faults } from './faults';

/** Who approves, and who reaches the servers. */
const refused: [string, (draft: Draft) => void, string][] = [
  [
    'an approver of no form',
    (c) => (c['recovery'] = { approvers: ['Ada Lovelace'] }),
    'recovery.approvers.0 is "Ada Lovelace"; allowed: the name of an IAM user, or the ARN of a user or role',
  ],
  ['access for nobody', (c) => (c['access'] = { people: [] }), 'access.people is []; allowed: at least 1 entries'],
  [
    'access for everybody',
    (c) => (c['access'] = { people: ['arn:aws:iam::123456789012:root'] }),
    'access.people.0 is "arn:aws:iam::123456789012:root"; allowed: the ARN of an IAM user or role, such as "arn:aws:iam::123456789012:user/ada"',
  ],
  [
    'access without a second factor and without a reason',
    (c) => (c['access'] = { people: ['arn:aws:iam::123456789012:user/ada'], mfa: false }),
    'access.mfa is false; allowed: true, or { enabled: false, reason: "a sentence" }',
  ],
  [
    'access without endpoints',
    (c) => {
      c['access'] = { people: ['arn:aws:iam::123456789012:user/ada'] };
      Object.assign(c.network, { endpointZones: 0, publicSubnets: true, natGateways: 1 });
    },
    'access is {"people":["arn:aws:iam::123456789012:user/ada"]}; allowed: nothing with network.endpointZones 0, because people’s gateway reaches Systems Manager through an endpoint',
  ],
];

test.each(refused)('fails on %s', (_, change, sentence) => {
  expect(faults(change)).toEqual([sentence]);
});
