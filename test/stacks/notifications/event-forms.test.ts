import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { type InputTransformer, transform } from '../../../lib/rehearsal/replay/events/input-transformer';
import { find, type Properties, synthesize, synthesizeProductionWith, type Templates } from '../../support/synth';

const EMAILS = ['ops@yourdomain.com'];
const SLACK = { workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' };

/** Everything that breaks a string of JSON. */
const HOSTILE = 'The key "arn:aws:kms" said:\n\tno \\ never';
/** Fields whose values are sentences. All others are names, states, ARNs and times. */
const SENTENCES = ['statusMessage', 'Message'];

interface Delivered {
  readonly topic: string;
  readonly pattern: { readonly detail: Properties };
  readonly message: string;
  readonly sentence: boolean;
}

/** What each rule delivers to each of its topics when the fields that it reads have hostile sentences in them. */
function delivered({ monitoring }: Templates): Delivered[] {
  return Object.values(find(monitoring, 'AWS::Events::Rule')).flatMap(({ EventPattern, Targets }) =>
    (Targets as { Arn: { Ref: string }; InputTransformer?: InputTransformer }[]).map(({ Arn, InputTransformer }) => {
      // A constant must be JSON (EventBridge API, Target), and lines of text are not.
      if (!InputTransformer) throw new Error(`a target of ${JSON.stringify(EventPattern)} gets a constant`);
      const paths = Object.values(InputTransformer.InputPathsMap).filter((path) => path.startsWith('$.detail.'));
      const fields = paths.map((path) => path.replace('$.detail.', ''));
      const detail = Object.fromEntries(
        fields.map((field) => [field, SENTENCES.includes(field) ? HOSTILE : `the-${field}`]),
      );
      return {
        topic: Arn.Ref.replace(/^Topics(.*?)[0-9A-F]{8}$/, '$1'),
        pattern: EventPattern as Delivered['pattern'],
        message: transform(InputTransformer, { time: '2026-11-25T03:00:00Z', detail }),
        sentence: fields.some((field) => SENTENCES.includes(field)),
      };
    }),
  );
}

const withSlack = () => synthesizeProductionWith({ notifications: { emails: EMAILS, slack: SLACK } });

test('what goes to Slack is Amazon Q’s JSON within its limits, whatever AWS says', () => {
  const chats = delivered(withSlack()).filter(({ topic }) => topic !== 'Info');
  expect(chats.length).toBeGreaterThan(5);
  for (const { message, sentence } of chats) {
    const { version, source, content } = JSON.parse(message) as {
      version: string;
      source: string;
      content: { title: string; description: string; nextSteps?: string[] };
    };
    expect([version, source]).toEqual(['1.0', 'custom']);
    expect(content.title.length).toBeLessThanOrEqual(250);
    expect(content.description).not.toBe('');
    expect(content.description.length).toBeLessThanOrEqual(8000);
    for (const step of content.nextSteps ?? []) expect(step.length).toBeLessThanOrEqual(350);
    if (sentence) expect(content.description).toBe(HOSTILE);
  }
});

test.each([
  ...ENVIRONMENT_NAMES.map((name) => [name, () => synthesize(name)] as const),
  ['production with Slack', withSlack] as const,
])('what goes to mail in %s is sentences', (_, templates) => {
  const all = delivered(templates());
  const mails = all.filter(({ topic }) => templates !== withSlack || topic === 'Info');
  expect(mails.length).toBeGreaterThan(2);
  for (const { message, sentence } of mails) {
    expect(message).not.toMatch(/[{}<>]|client-markdown/);
    const lines = message.split('\n');
    expect(lines[0]).toMatch(/^"[\w -]+(: the-(state|status))?"$/);
    if (sentence) expect(message).toContain(`: ${HOSTILE}"`);
    else for (const line of lines) expect(line).toMatch(/^"[^"]+"$/);
  }
});

test('in mail, a person reads what happened, to what, why, and what to do', () => {
  const mail = delivered(synthesize('production')).map(({ message }) => message);
  expect(mail).toContainEqual(
    [
      '"Backup of production: the-state"',
      `"Reason: ${HOSTILE}"`,
      '"Server: the-resourceArn"',
      '"Vault: the-backupVaultName"',
      '"Ended: the-completionDate"',
      '"Time: 2026-11-25T03:00:00Z"',
    ].join('\n'),
  );
  expect(mail).toContainEqual(expect.stringContaining('"Runbook: lib/runbooks/PostgreSQLFailover.md"'));
});

test('events that may lack their sentence have a rule of their own then, which says the rest', () => {
  const chats = delivered(withSlack());
  const ofBackups = chats.filter(({ pattern }) => 'statusMessage' in pattern.detail);
  const without = ofBackups.filter(
    ({ pattern }) => JSON.stringify(pattern.detail['statusMessage']) === '[{"exists":false}]',
  );
  const needed = ofBackups.filter(
    ({ pattern }) => JSON.stringify(pattern.detail['statusMessage']) === '[{"exists":true}]',
  );
  expect(without).toHaveLength(needed.length);
  expect(needed.length).toBeGreaterThanOrEqual(3);
  for (const { sentence, message } of without) {
    expect(sentence).toBe(false);
    expect(JSON.parse(message)).toMatchObject({ source: 'custom' });
  }
  // No chat reads a sentence that its events may lack.
  for (const { pattern, sentence, topic } of chats) {
    if (sentence && topic !== 'Info' && !('EventID' in pattern.detail))
      expect(JSON.stringify(pattern.detail['statusMessage'])).toMatch(/exists":true|anything-but/);
  }
});

test('the transformer inserts what the documentation says', () => {
  const transformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"whole":<a>,"part":"it is <a>"}' };
  expect(transform(transformer, { detail: { a: 'x' } })).toBe('{"whole":"x","part":"it is x"}');
  expect(transform(transformer, { detail: { a: '"' } })).toBe('{"whole":"\\"","part":"it is ""}');
  expect(transform(transformer, { detail: {} })).toBe('{"whole":,"part":"it is "}');
});
