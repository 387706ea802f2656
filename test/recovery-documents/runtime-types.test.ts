import { InvalidRecoveryDocument, parseDocumentContent } from '../../lib/recovery-documents/content';
import { outputTypes, SDKS, timesOf } from '../support/aws/sdk-model';

const GOOD = `
schemaVersion: '0.3'
description: Starts the drill.
assumeRole: \${Role}
parameters:
  Table: { type: String, description: Its name., allowedPattern: '^[a-z_]{1,9}$' }
mainSteps:
  - name: approve
    description: The second person agrees.
    action: aws:approve
    timeoutSeconds: 600
    inputs: { NotificationArn: '\${Topic}', Message: 'Start?', MinRequiredApprovals: 1, Approvers: [ada] }
  - name: run
    description: Runs it.
    action: aws:executeStateMachine
    timeoutSeconds: 600
    inputs: { stateMachineArn: '\${StateMachine}', input: '{"table":"{{ Table }}"}' }
  - name: call
    description: Writes its name.
    action: aws:executeAwsApi
    inputs: { Service: ssm, Api: PutParameter, Name: '\${WriterParameter}', Value: '{{ Table }} {{run.status}}' }
  - name: read
    description: Reads what happened.
    action: aws:executeAwsApi
    inputs: { Service: rds, Api: DescribeEvents, Filters: [{ Name: name, Values: ['{{ Table }}'] }] }
    outputs:
      - { Name: Messages, Selector: '$.Events..Message', Type: StringList }
      - { Name: First, Selector: '$.Events[0].Date' }
outputs: [run.output]
`;

function faults(text: string): readonly string[] {
  try {
    parseDocumentContent('test.yaml', text);
    return [];
  } catch (error) {
    if (error instanceof InvalidRecoveryDocument) return error.faults;
    throw error;
  }
}

test('a state machine with JSON as input, and calls with other texts, have no fault', () => {
  expect(faults(GOOD)).toEqual([]);
});

test.each<[string, [string, string], string]>([
  [
    'JSON in a call',
    ["Value: '{{ Table }} {{run.status}}'", `Value: '{"table":"{{ Table }}"}'`],
    'step call passes the text {"table":"{{ Table }}"} to PutParameter; allowed: no text that looks like JSON',
  ],
  [
    'a list in a call',
    ["Value: '{{ Table }} {{run.status}}'", `Value: ' ["a"]'`],
    'step call passes the text  ["a"] to PutParameter',
  ],
  [
    'JSON deep in a call',
    ["Values: ['{{ Table }}']", `Values: ['{}']`],
    'step read passes the text {} to DescribeEvents',
  ],
  [
    'a parameter that accepts anything',
    [", allowedPattern: '^[a-z_]{1,9}$'", ''],
    'step call passes the parameter Table to PutParameter, and its value may look like JSON; give it allowedValues',
  ],
  [
    'a parameter whose pattern accepts JSON',
    ['^[a-z_]{1,9}$', '^.{1,9}$'],
    'step read passes the parameter Table to DescribeEvents, and its value may look like JSON',
  ],
  [
    'a parameter with JSON among its values',
    ["allowedPattern: '^[a-z_]{1,9}$'", `allowedValues: ['a', '{"b":1}']`],
    'step call passes the parameter Table to PutParameter',
  ],
  [
    'a pattern that accepts quotes within JSON',
    ['^[a-z_]{1,9}$', '^[a-z",:]{1,9}$'],
    'the input of step run has the parameter Table, whose value may break the JSON',
  ],
  [
    'an input that is not JSON',
    ['"{{ Table }}"}\'', "{{ Table }}}'"],
    'the input of step run is {"table":{{ Table }}}; allowed: a JSON object, with references between quotes',
  ],
  [
    'an input that is a list',
    [`'{"table":"{{ Table }}"}'`, `'["{{ Table }}"]'`],
    'the input of step run is ["{{ Table }}"]; allowed: a JSON object',
  ],
  [
    'a state machine started by a call',
    ['Service: ssm, Api: PutParameter', 'Service: stepfunctions, Api: StartExecution'],
    'step call calls stepfunctions StartExecution; allowed: the action aws:executeStateMachine',
  ],
  [
    'a list of times',
    ["'$.Events..Message'", "'$.Events..Date'"],
    'output read.Messages is a list of times ($.Events..Date); Automation has no such type',
  ],
  [
    'a list of times as a text',
    ["'$.Events..Message', Type: StringList", "'$.Events..Date'"],
    'output read.Messages is a list of times',
  ],
  [
    'a list of times by an index',
    ["'$.Events..Message'", "'$.Events[*].Date'"],
    'output read.Messages is a list of times',
  ],
  [
    'a state machine run without an approval',
    [
      "aws:approve\n    timeoutSeconds: 600\n    inputs: { NotificationArn: '${Topic}', Message: 'Start?', MinRequiredApprovals: 1, Approvers: [ada] }",
      'aws:sleep\n    inputs: { Duration: PT1M }',
    ],
    'step run runs a state machine without an approval before it',
  ],
  [
    'an output that a state machine does not have',
    ['outputs: [run.output]', 'outputs: [run.result]'],
    'output run.result is not an output of a step',
  ],
  [
    'a state machine without a time-out',
    ['    timeoutSeconds: 600\n    inputs: { stateMachineArn', '    inputs: { stateMachineArn'],
    'mainSteps.1.timeoutSeconds is missing',
  ],
])('fails on %s', (_, [text, other], sentence) => {
  const changed = GOOD.replace(text, () => other);
  expect(changed).not.toBe(GOOD);
  expect(faults(changed)).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
});

test.each(Object.keys(SDKS))('the times that %s returns are recognized by their names', (service) => {
  const times = timesOf(service);
  expect(times.length).toBeGreaterThan(0);
  for (const time of times) {
    const changed = GOOD.replace("'$.Events..Message'", `'$.Events..${time}'`);
    expect([time, faults(changed)]).toEqual([time, [expect.stringContaining('is a list of times')]]);
  }
});

test.each([
  ['DescribeEvents', '$.Events..Message', ['StringList']],
  ['DescribeEvents', '$.Events..Date', []],
  ['DescribeEvents', '$.Events[0].Date', ['String']],
  ['DescribeEvents', '$.Events', []],
  ['DescribeDBInstances', '$.DBInstances[0].DBParameterGroups', ['MapList']],
  ['DescribeDBInstances', '$.DBInstances[0].Endpoint', ['StringMap']],
  ['DescribeDBInstances', '$.DBInstances[0].MultiAZ', ['Boolean']],
  ['DescribeDBInstances', '$.DBInstances[0].AllocatedStorage', ['Integer']],
  ['DescribeDBInstances', '$.DBInstances[0].EnabledCloudwatchLogsExports', ['StringList']],
])('Automation has a type for %s %s: %j', (api, selector, types) => {
  expect(outputTypes('rds', api, selector)).toEqual(types);
});
