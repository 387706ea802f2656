import type { JudgedChange } from '../../lib/safe-change/judge';
import { safeChangeMarkdown } from '../../lib/safe-change/markdown';
import { safeChangeText } from '../../lib/safe-change/text';

const line = (before: unknown, after: unknown) => {
  const change: JudgedChange = {
    ...{ resource: 'production-Database/Key', type: 'AWS::KMS::Key', property: 'KeyPolicy', before, after },
    ...{ effect: 'update', verdict: 'passes' },
  };
  const found = { environment: 'production', against: 'cdk.out', changes: [change], staleEntries: [] };
  return safeChangeText(found).split('\n')[1]?.split('), ')[1];
};

test.each([
  [{ a: { b: [1, 2], c: 1 } }, { a: { b: [1, 3], c: 1 } }, 'KeyPolicy.a.b.1: 2 -> 3'],
  [{ a: 1, b: 1 }, { a: 2, b: 2 }, 'KeyPolicy: {"a":1,"b":1} -> {"a":2,"b":2}'],
  [{ a: 1 }, undefined, 'KeyPolicy: {"a":1} -> none'],
  [{ a: 1 }, { a: 1, b: null }, 'KeyPolicy.b: none -> null'],
  ['x'.repeat(100), 'y', `KeyPolicy: "${'x'.repeat(79)}… -> "y"`],
])('the part that differs: %j and %j', (before, after, expected) => {
  expect(line(before, after)).toBe(expected);
});

test('a comment for a pull request has a line for each loss, and one for each kind of what passes', () => {
  const alarm = (name: string, property: string): JudgedChange => ({
    ...{ resource: `production-Monitoring/${name}`, type: 'AWS::CloudWatch::Alarm', property },
    ...{ effect: 'update', verdict: 'passes', before: 1, after: 2 },
  });
  const refused: JudgedChange = {
    ...{ resource: 'production-Database/Primary', type: 'AWS::RDS::DBInstance', property: 'DBName' },
    ...{ effect: 'replace', verdict: 'refused', before: 'a|b', after: 'c', lost: 'the data', wayOut: 'keep it' },
  };
  const changes = [refused, alarm('A', 'Threshold'), alarm('A', 'Period'), alarm('B', 'Threshold')];
  const found = { environment: 'production', against: 'cdk.out', changes, staleEntries: ['delete it'] };
  expect(safeChangeMarkdown(found)).toBe(`### What a deployment would change in production

Compared with cdk.out: 4 changes, of which 1 would lose something.

| verdict | CloudFormation would | resource | property | lost | why, and the safe way |
| - | - | - | - | - | - |
| **refused** | replace | \`production-Database/Primary\` | DBName: "a\\|b" -> "c" | the data | keep it |

| CloudFormation would | type | resources | properties |
| - | - | - | - |
| update | AWS::CloudWatch::Alarm | 2 | Period, Threshold |

- delete it`);
});
