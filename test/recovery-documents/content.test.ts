import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RECOVERY_DOCUMENTS } from '../../lib/recovery-documents/entries';
import {
  callsOf,
  InvalidRecoveryDocument,
  parseDocumentContent,
  readDocument,
} from '../../lib/recovery-documents/content';
import { documentCallFaults } from '../support/aws/document-calls';
import { callFaults, selectorFault } from '../support/aws/sdk-model';

const files = RECOVERY_DOCUMENTS.map(({ file }) => file);

const GOOD = `
schemaVersion: '0.3'
description: Restarts a server.
assumeRole: \${Role}
parameters:
  Server: { type: String, description: Its identifier., allowedPattern: '^[a-z]+$' }
mainSteps:
  - name: approve
    description: The second person agrees.
    action: aws:approve
    timeoutSeconds: 600
    inputs: { NotificationArn: '\${Topic}', Message: 'Restart {{ Server }}?', MinRequiredApprovals: 1, Approvers: [ada] }
  - name: restart
    description: Restarts it.
    action: aws:executeAwsApi
    inputs: { Service: rds, Api: RebootDBInstance, DBInstanceIdentifier: '{{ Server }}' }
    outputs: [{ Name: Status, Selector: '$.DBInstance.DBInstanceStatus' }]
  - name: choose
    description: Whether to wait.
    action: aws:branch
    inputs: { Choices: [{ NextStep: settle, Variable: '{{ restart.Status }}', StringEquals: rebooting }] }
    isEnd: true
  - name: settle
    description: A minute.
    action: aws:sleep
    inputs: { Duration: PT1M }
outputs: [restart.Status]
`;

function faults(text: string): readonly string[] {
  try {
    parseDocumentContent('test.yaml', text);
  } catch (error) {
    if (error instanceof InvalidRecoveryDocument) return error.faults;
    throw error;
  }
  return [];
}

test.each(files)('%s has a form that Systems Manager accepts', (file) => {
  expect(readDocument(file).mainSteps.length).toBeGreaterThan(2);
});

test('every document of the folder has an entry', () => {
  const found = readdirSync(join(__dirname, '../../lib/recovery-documents/documents')).filter((file) =>
    file.endsWith('.yaml'),
  );
  expect(found.sort()).toEqual(files.map((file) => `${file}.yaml`).sort());
});

test('a good document has no fault', () => {
  expect(faults(GOOD)).toEqual([]);
});

test.each<[string, [string, string], string]>([
  ['not YAML', ["schemaVersion: '0.3'", 'schemaVersion: ['], 'it is not YAML: '],
  ['another schema', ["'0.3'", "'2.2'"], 'schemaVersion is "2.2"; allowed: "0.3"'],
  ['an unknown action', ['aws:sleep', 'aws:wait'], 'mainSteps.3.action is "aws:wait"; allowed: one of aws:approve, '],
  ['a misspelt field of a step', ['isEnd', 'isend'], 'mainSteps.2.isend is not a field; check its spelling and place'],
  [
    'a misspelt field of an action',
    ['MinRequiredApprovals', 'MinApprovals'],
    'mainSteps.0.inputs.MinApprovals is not a field',
  ],
  [
    'a step without a description',
    ['    description: A minute.\n', ''],
    'mainSteps.3.description is missing; allowed: a value of type string',
  ],
  [
    'a name with a hyphen',
    ['name: settle', 'name: set-tle'],
    'mainSteps.3.name is "set-tle"; allowed: letters, digits and underscores',
  ],
  [
    'an unlimited approval',
    ['timeoutSeconds: 600', 'timeoutSeconds: 2592001'],
    'mainSteps.0.timeoutSeconds is 2592001; allowed: at most 2592000',
  ],
  ['no approvers', ['Approvers: [ada]', 'Approvers: []'], 'mainSteps.0.inputs.Approvers is []; allowed: '],
  [
    'a selector that is not a path',
    ["Selector: '$.DB", "Selector: 'DB"],
    'mainSteps.1.outputs.0.Selector is "DBInstance.DBInstanceStatus"; allowed: a JSONPath that begins with "$."',
  ],
  [
    'an unknown type',
    ['Server: { type: String', 'Server: { type: Text'],
    'parameters.Server.type is "Text"; allowed: "String", "StringList"',
  ],
  [
    'a pattern that is none',
    ["'^[a-z]+$'", "'^[a-z+$'"],
    'parameters.Server.allowedPattern is "^[a-z+$"; allowed: a regular expression',
  ],
  ['an unknown comparison', ['StringEquals', 'Equals'], 'mainSteps.2.inputs.Choices.0.Equals is not a field'],
  [
    'a choice without a comparison',
    [', StringEquals: rebooting', ''],
    'allowed: exactly one comparison, of StringEquals, ',
  ],
  [
    'a duration in words',
    ['PT1M', 'a minute'],
    'mainSteps.3.inputs.Duration is "a minute"; allowed: an ISO 8601 duration such as "PT10M"',
  ],
  [
    'an unknown onFailure',
    ['isEnd: true', 'onFailure: retry'],
    'mainSteps.2.onFailure is "retry"; allowed: Abort, Continue or step:<name>',
  ],
  [
    'a jump to a step that does not exist',
    ['NextStep: settle', 'NextStep: rest'],
    'step choose leads to rest, which is not a step; allowed: approve, restart, choose, settle',
  ],
  [
    'a failure that leads to a step that does not exist',
    ['isEnd: true', 'onFailure: step:gone'],
    'step choose leads to gone, which is not a step',
  ],
  [
    'an unreachable step',
    ['inputs: { Choices: [{ NextStep: settle, Variable', 'inputs: { Choices: [{ NextStep: choose, Variable'],
    'step settle is never reached',
  ],
  ['a name used twice', ['name: settle', 'name: restart'], 'step restart exists twice; allowed: each name once'],
  [
    'a reference that nothing provides',
    ["'{{ restart.Status }}'", "'{{ restart.State }}'"],
    'step choose refers to {{ restart.State }}, which is neither a parameter nor an output of an earlier step',
  ],
  [
    'a reference in the description',
    ['Restarts a server.', 'Restarts {{ Server }}.'],
    'the description refers to {{ Server }}; Systems Manager does not fill in references there',
  ],
  [
    'an output of no step',
    ['outputs: [restart.Status]', 'outputs: [restart.State]'],
    'output restart.State is not an output of a step',
  ],
  [
    'an unused parameter',
    ['parameters:', 'parameters:\n  Reason: { type: String, description: Why. }'],
    'no step uses the parameter Reason',
  ],
  [
    'a change without an approval',
    [
      "    action: aws:approve\n    timeoutSeconds: 600\n    inputs: { NotificationArn: '${Topic}', Message: 'Restart {{ Server }}?', MinRequiredApprovals: 1, Approvers: [ada] }",
      '    action: aws:sleep\n    inputs: { Duration: PT1M }',
    ],
    'step restart calls RebootDBInstance without an approval before it; put an aws:approve step on every path to it',
  ],
])('fails on %s', (_, [text, other], sentence) => {
  const changed = GOOD.replace(text, () => other);
  expect(changed).not.toBe(GOOD);
  expect(faults(changed)).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
});

test('a path around the approval is found', () => {
  const around = GOOD.replace(
    'mainSteps:\n',
    `mainSteps:
  - name: urgent
    description: Skips the approval.
    action: aws:branch
    inputs: { Choices: [{ NextStep: restart, Variable: '{{ Server }}', StringEquals: mine }] }
`,
  );
  expect(faults(around)).toEqual([expect.stringContaining('step restart calls RebootDBInstance without an approval')]);
});

test('all faults are reported together, with the file', () => {
  const broken = GOOD.replace('PT1M', 'soon').replace('timeoutSeconds: 600', 'timeoutSeconds: 1');
  expect(faults(broken)).toHaveLength(2);
  expect(() => parseDocumentContent('test.yaml', broken)).toThrow('test.yaml has 2 fault(s):\n  - mainSteps.0');
});

test.each(files)('every call of %s names an operation, inputs and outputs that the SDK has', (file) => {
  const document = readDocument(file);
  expect(callsOf(document).length).toBeGreaterThan(0);
  expect(documentCallFaults(document)).toEqual([]);
});

test.each<[string, string, Record<string, unknown>, string]>([
  ['rds', 'PromoteReplica', {}, 'rds has no operation PromoteReplica'],
  ['rds', 'PromoteReadReplica', { DBInstanceId: 'a' }, 'PromoteReadReplica has no DBInstanceId'],
  ['rds', 'PromoteReadReplica', {}, 'PromoteReadReplica has no DBInstanceIdentifier, which is required'],
  [
    'rds',
    'RebootDBInstance',
    { DBInstanceIdentifier: 'a', ForceFailover: 'yes' },
    'RebootDBInstance.ForceFailover is "yes"; it takes a boolean',
  ],
  [
    'rds',
    'RegisterDBProxyTargets',
    { DBProxyName: 'p', DBInstanceIdentifiers: 'a' },
    'RegisterDBProxyTargets.DBInstanceIdentifiers is "a"; it takes a list',
  ],
  ['rds', 'AddTagsToResource', { ResourceName: 'a', Tags: [{ Name: 'k' }] }, 'AddTagsToResource.Tags[0] has no Name'],
  [
    'stepfunctions',
    'StartExecution',
    { stateMachineArn: 'a', input: {}, StateMachine: 'b' },
    'StartExecution has no StateMachine',
  ],
])('the check of calls finds fault with %s %s', (service, api, inputs, sentence) => {
  expect(callFaults(service, api, inputs)).toEqual(expect.arrayContaining([sentence]));
});

test.each([
  ['$.DBInstances[0].Status', 'the response of DescribeDBInstances has no Status at $.DBInstances[0].Status'],
  ['$.Instances[0].DBInstanceStatus', 'the response of DescribeDBInstances has no Instances'],
  ['$.Marker[0]', 'Marker of $.Marker[0] is not a list'],
  ['$.DBInstances..Colour', 'the response of DescribeDBInstances has no Colour'],
])('the check of selectors finds fault with %s', (selector, sentence) => {
  expect(selectorFault('rds', 'DescribeDBInstances', selector)).toContain(sentence);
});
