import type { SafeChange } from '../../lib/safe-change/safe-change';
import { closeServers, CREDENTIALS, listen, queryError, runWithAws, XML } from '../support/aws/endpoint';
import { changed, resourceIn, templatesOf } from './states';

afterEach(closeServers);

test('against the record: nothing is refused, exit code 0, JSON alone on stdout', async () => {
  const { code, stdout } = await runWithAws(['diff', '--environment', 'dev', '--json']);
  const against = 'the record lib/safe-change/record/dev.json';
  expect([code, JSON.parse(stdout)]).toEqual([0, [{ environment: 'dev', against, changes: [], staleEntries: [] }]]);
});

test.each([
  [['--environment', 'dev', '--against', 'lib'], /^lib has no templates of dev; allowed: [^\n]*cdk\.out\n$/],
  [['--never-deployed'], /^--never-deployed needs --environment; allowed: one of dev, production, staging [^\n]*\n$/],
  [
    ['--environment', 'dev', '--against', 'deployed'],
    /^AWS credentials are missing, expired or refused \([^\n]*\); log in, [^\n]*start it again\n$/,
  ],
])('%j ends with one sentence and exit code 1', async (args, sentence) => {
  const { code, stdout, stderr } = await runWithAws(['diff', ...args]);
  const withoutProgress = stderr.replace(/^( +\d+\.\d s {2}|Bundling asset )[^\n]*\n/gm, '');
  expect([code, stdout, withoutProgress]).toEqual([1, '', expect.stringMatching(sentence)]);
});

const XML_CHARACTERS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

test('against what is deployed: only what differs from the answers of CloudFormation is shown', async () => {
  const templates = templatesOf('production');
  const deployed = changed(templates, (copy) => {
    resourceIn(copy, 'production-Database', 'DatabasePrimaryBBD54FE3').Properties['MasterUsername'] = 'root';
    for (const stack of Object.values(copy))
      for (const { Type, Properties = {} } of Object.values(stack.Resources))
        // Another comparison shows which code runs.
        if (Type === 'AWS::Lambda::Function') delete Properties['Code'];
  });
  const asked: string[] = [];
  const address = await listen((_, body, response) => {
    const stack = new URLSearchParams(body).get('StackName') ?? '';
    asked.push(stack);
    if (stack === 'production-Drills') {
      response.writeHead(400, XML).end(queryError('ValidationError', `Stack with id ${stack} does not exist`));
      return;
    }
    // As the API does it: every character beyond ASCII is a question mark.
    const text = JSON.stringify(deployed[stack])
      .replaceAll(/[^\0-\x7f]/gu, '?')
      .replaceAll(/[&<>"]/g, (character) => XML_CHARACTERS[character] ?? '');
    response
      .writeHead(200, XML)
      .end(
        `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult><TemplateBody>${text}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
      );
  });
  const { code, stdout } = await runWithAws(
    ['diff', '--environment', 'production', '--against', 'deployed', '--json'],
    {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: address,
    },
  );
  const [{ against, changes }] = JSON.parse(stdout) as [SafeChange];
  expect(asked.sort()).toEqual(Object.keys(templates).sort());
  expect([code, against]).toEqual([1, 'what is deployed']);
  expect(changes.filter(({ verdict }) => verdict === 'refused')).toMatchObject([
    { property: 'MasterUsername', effect: 'replace', before: 'root', after: 'database_admin' },
  ]);
  const others = changes.filter(
    ({ verdict, resource }) => verdict === 'passes' && !resource.startsWith('production-Drills/'),
  );
  expect([...new Set(others.map(({ type }) => type))].sort()).toEqual([
    'AWS::Lambda::Function',
    'AWS::Lambda::Version',
    'Custom::Trigger',
  ]);
  const drills = changes.filter(({ resource }) => resource.startsWith('production-Drills/'));
  expect(new Set(drills.map(({ effect }) => effect))).toEqual(new Set(['create']));
}, 60_000);
