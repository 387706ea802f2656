import { LocalStateMachine } from '../../../lib/rehearsal/restore/state-machine';

/** A machine that waits until a task says `done`. */
const machine = new LocalStateMachine(
  [
    {
      logicalId: 'Machine',
      type: 'AWS::StepFunctions::StateMachine',
      properties: {
        StateMachineName: 'polling',
        DefinitionString: JSON.stringify({
          StartAt: 'Begin',
          TimeoutSeconds: 100,
          States: {
            Begin: { Type: 'Pass', Next: 'Pause' },
            Pause: { Type: 'Wait', Seconds: 1, Next: 'Ask' },
            Ask: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:1:function:ask', Next: 'IsDone' },
            IsDone: {
              Type: 'Choice',
              Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'End' }],
              Default: 'Pause',
            },
            End: { Type: 'Succeed' },
          },
        }),
      },
    },
  ],
  'polling',
);
const options = { name: 'test', msPerSecond: 5, moreSeconds: 0 };
const publish = () => Promise.resolve();

test('an execution that goes round for ever ends at its time limit and says where it was', async () => {
  const started = Date.now();
  const execution = await machine.run(
    {},
    { functions: { ask: () => Promise.resolve({ done: false }) }, publish },
    options,
  );
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.Timeout',
    cause: expect.stringMatching(
      /^the state machine did not end within its time limit \(100 s on AWS, 0\.5 s here\); at the end it went through (Pause|Ask|IsDone), /,
    ) as string,
  });
  expect(execution.states).not.toContain('End');
  expect(Date.now() - started).toBeLessThan(10_000);
});

test('one that ends in time is not touched', async () => {
  let asked = 0;
  const ask = () => Promise.resolve({ done: ++asked === 3 });
  expect(await machine.run({}, { functions: { ask }, publish }, options)).toMatchObject({ status: 'SUCCEEDED' });
});
