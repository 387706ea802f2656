import { Aws, Fn, Stack } from 'aws-cdk-lib';
import type { EventResources, EventService } from './event-service';

const WHO = {
  Who: '$.detail.userIdentity.arn',
  From: '$.detail.sourceIPAddress',
} as const;

/**
 * Fields of the events of API calls, by the service that was called. CloudTrail reports them in the region of the call, and only where a trail logs
 * management events, reading ones included (EventBridge User Guide, "Receiving read-only management events from AWS services").
 */
export const API_CALLS: Readonly<Record<string, EventService>> = {
  'aws.secretsmanager': { ours: masterSecretRead, sentence: { field: 'eventName' }, facts: WHO },
  'aws.sts': {
    ours: ({ people }) => ({ detail: { requestParameters: { roleArn: people?.roleArns ?? [] } } }),
    sentence: { field: 'eventName' },
    facts: {
      ...WHO,
      Role: '$.detail.requestParameters.roleArn',
      'Session name': '$.detail.requestParameters.roleSessionName',
    },
  },
  'aws.ssm': {
    ours: sessionThroughGateway,
    sentence: { field: 'eventName' },
    facts: {
      ...WHO,
      Document: '$.detail.requestParameters.documentName',
      Session: '$.detail.responseElements.sessionId',
    },
  },
};

/**
 * The master's secret, by its ARN, a part of it, or its name, read by anybody but the functions that need it, and CloudFormation, which fills
 * it in when it creates the primary. A function's session has the function's name. Who may choose a session's name could choose that one, but
 * their call does not come through an endpoint of a VPC.
 */
function masterSecretRead({ database, migrate, hasEndpoints }: EventResources): ReturnType<EventService['ours']> {
  // CloudFormation names a secret `<logical id>-<random>`, and Secrets Manager adds `-<random>` in the ARN.
  const parts = Fn.split('-', Fn.select(6, Fn.split(':', database.secrets.master.secretArn)), 3);
  const name = Fn.join('-', [Fn.select(0, parts), Fn.select(1, parts)]);
  const functions = [migrate.functionName, database.masterRotationFunction].flatMap((each) => each ?? []);
  const another = { userIdentity: { arn: [{ 'anything-but': { suffix: functions.map((each) => `/${each}`) } }] } };
  return {
    detail: {
      requestParameters: { secretId: [{ wildcard: `*${name}*` }] },
      sourceIPAddress: [{ 'anything-but': ['cloudformation.amazonaws.com'] }],
      ...(hasEndpoints ? { $or: [another, { vpcEndpointId: [{ exists: false }] }] } : another),
    },
  };
}

/**
 * Sessions by our documents. Not all on the gateway: a deployment replaces it, and its id in this stack would be the old one's. Only an
 * administrator of the account can start another session there, and still has to log in to PostgreSQL.
 */
function sessionThroughGateway({ people, database }: EventResources): ReturnType<EventService['ours']> {
  if (!people) throw new Error('an alert on sessions needs people’s access; set its source’s `needs` to "access"');
  const { partition, region } = Stack.of(database);
  const arns = people.documentNames.map((name) => `arn:${partition}:ssm:${region}:${Aws.ACCOUNT_ID}:document/${name}`);
  return { detail: { requestParameters: { documentName: [...people.documentNames, ...arns] } } };
}
