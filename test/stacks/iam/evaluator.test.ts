import { runSimulation } from '@cloud-copilot/iam-simulate';
import { EnvironmentIam } from '../../support/aws/environment-iam';
import { type Context, isAllowed } from '../../support/aws/iam';

const ACCOUNT = '111111111111';
/** Compares each request of this number; it shares no divisor with the number of contexts. */
const EVERY = 4;
const CONTEXTS: readonly Context[] = [
  {},
  {
    'aws:ResourceTag/Environment': 'production',
    'aws:ResourceTag/whatsapp-saas:drill': 'production',
    'aws:RequestTag/whatsapp-saas:drill': 'production',
    'aws:ResourceTag/whatsapp-saas:recovery': 'production',
    'aws:RequestTag/whatsapp-saas:recovery': 'production',
    'aws:TagKeys': ['whatsapp-saas:drill'],
    'kms:ViaService': 'rds.us-east-1.amazonaws.com',
    'cloudwatch:namespace': 'WhatsAppSaaS/PostgreSQL',
  },
  { 'aws:ResourceTag/Environment': 'staging', 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' },
];

/** What a maintained simulator says; undefined where it knows no such request, as of an action on another type of resource. */
async function simulated(
  policy: object,
  action: string,
  resource: string,
  context: Context,
): Promise<boolean | undefined> {
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/tested`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context as Record<string, string | string[]>,
      },
      identityPolicies: [{ name: 'tested', policy: { Version: '2012-10-17', ...policy } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return result.resultType === 'error' ? undefined : result.overallResult === 'Allowed';
}

// The tests ask the own evaluator, because it answers for any ARN, and tens of thousands of requests.
test('our evaluator of policies and @cloud-copilot/iam-simulate answer alike', async () => {
  const iam = new EnvironmentIam('production');
  const arns = [
    ...iam.arns(['drill_user', 'app_user']),
    `arn:aws:rds:us-east-1:${ACCOUNT}:db:production-restore-drill-1`,
  ];
  const requests = iam.roles().flatMap(({ id, policy }) =>
    [...new Set(policy.Statement.flatMap(({ Action }) => Action))].flatMap((action) => {
      // One resource of each type of the service.
      const ofService = arns.filter((arn) => arn.split(':')[2] === action.split(':')[0]);
      const types = new Map(ofService.map((arn) => [arn.split(/[:/]/)[5], arn]));
      return [...types.values()].flatMap((resource) =>
        CONTEXTS.map((context) => ({ id, policy, action, resource, context })),
      );
    }),
  );
  const compared = { allowed: 0, denied: 0 };
  const differing: string[] = [];
  // A sample, because the simulator takes its time.
  for (const { id, policy, action, resource, context } of requests.filter((_, index) => index % EVERY === 0)) {
    const expected = await simulated(policy, action, resource, context);
    if (expected === undefined) continue;
    compared[expected ? 'allowed' : 'denied'] += 1;
    if (isAllowed(policy, { action, resource, context }) !== expected) differing.push(`${id} ${action} ${resource}`);
  }
  expect(differing).toEqual([]);
  expect(compared.allowed).toBeGreaterThan(20);
  expect(compared.denied).toBeGreaterThan(20);
}, 120_000);
