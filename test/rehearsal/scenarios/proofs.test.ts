import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proofsFile } from '../../../lib/rehearsal/scenarios/proofs';
import { ROOT } from '../../support/cli';
import { stackTemplates } from '../../support/synth';

const text = proofsFile();

test('PROOFS.md is up to date (npm run update)', () => {
  expect(readFileSync(join(ROOT, 'lib/rehearsal/scenarios/PROOFS.md'), 'utf8')).toBe(text);
});

test('it names every alarm of production once, and every event rule of an alert', () => {
  const resources = Object.values(stackTemplates('production')).flatMap(({ Resources }) =>
    Object.values(Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>),
  );
  const namesOf = (type: string, property: string) =>
    resources
      .filter(({ Type, Properties }) => Type === type && typeof Properties[property] === 'string')
      .map(({ Properties }) => (Properties[property] as string).replace('production-', ''));
  const [, provoked = '', replayed = '', rules = ''] = text.split(/^## /m);
  const cells = provoked.split('\n').flatMap((line) => /\| ([\w, -]+?) *\|$/.exec(line)?.[1]?.split(', ') ?? []);
  const listed = [...cells.filter((name) => /^[A-Z]/.test(name)), ...itemsOf(replayed)];
  expect(listed.length).toBeGreaterThan(100);
  expect(listed.sort()).toEqual(namesOf('AWS::CloudWatch::Alarm', 'AlarmName').sort());
  expect(namesOf('AWS::Events::Rule', 'Name')).toEqual(expect.arrayContaining(itemsOf(rules)));
  expect(itemsOf(rules).length).toBeGreaterThan(5);
});

function itemsOf(section: string): string[] {
  return section.split('\n').flatMap((line) => /^- (\S+)$/.exec(line)?.[1] ?? []);
}
