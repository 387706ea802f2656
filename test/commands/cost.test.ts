import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentPrice } from '../../lib/cost/environment-price';
import { runWithAws } from '../support/aws/endpoint';
import { runCli } from '../support/cli';
import { runFolder } from '../support/run/shared';

const cost = (...flags: string[]) => runCli(['cost', '--environment', 'dev', ...flags]);
const folder = () => mkdtempSync(join(runFolder(), 'cost-'));

test('a bill is printed, saved, compared, and held against a budget', () => {
  const { status, stdout, stderr } = cost('--json');
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^ +\d+\.\d s {2}synthesizing dev\n$/)]);
  const bill = JSON.parse(stdout) as {
    region: string;
    environments: (Omit<EnvironmentPrice, 'rows'> & { rows: { component: string; monthlyUsd: number }[] })[];
  };
  expect(bill).toMatchObject({
    priceDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    region: 'us-east-1',
    environments: [{ name: 'dev', notPriced: [] }],
  });
  const [dev] = bill.environments;
  const storage = dev!.rows.find(({ component }) => component.startsWith('storage, gp3'))!;
  storage.monthlyUsd -= 1;
  const path = join(folder(), 'saved.json');
  writeFileSync(path, JSON.stringify(bill));
  const over = cost('--diff', path, '--budget', '1');
  expect(over.status).toBe(1);
  expect(over.stdout).toMatch(/\+\$1\.00 {2}dev .*storage, gp3\nover the budget: /);
  expect(cost('--diff', path, '--markdown').stdout).toContain('| +$1.00');
  expect(cost('--budget', '1').status).toBe(1);
  const text = cost('--budget', String(Math.ceil(dev!.monthlyUsd)));
  expect(text.status).toBe(0);
  expect(text.stdout).toMatch(/^dev in us-east-1: \$\d+\.\d\d a month\n/);
  expect(text.stdout).toContain('within the budget');
});

test('--live without credentials says so, and prices with what is known', async () => {
  const { code, stdout } = await runWithAws(['cost', '--environment', 'dev', '--live']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^dev in us-east-1: \$\d+\.\d\d a month\n/);
  expect(stdout).toMatch(/ {2}- dev: the Price List API did not answer: .*credentials.*; log in, for example/);
  const json = await runWithAws(['cost', '--environment', 'dev', '--live', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ priceSource: 'looked up on 2026-11-23', region: 'us-east-1' });
}, 60_000);

test.each([
  [['--diff', '/none.json'], '/none.json cannot be read as JSON'],
  [['--diff', join(__dirname, '../../package.json')], 'is no bill; save one with npm run'],
  [['--markdown'], '--markdown prints a comparison; say with what: --diff <file>'],
  [['--budget', 'much'], "argument 'much' is invalid"],
  [['--usage', '/none.json'], '/none.json cannot be read as JSON'],
])('%j ends in a sentence', (flags, sentence) => {
  const { status, stderr } = cost(...flags);
  expect([status, stderr]).toEqual([1, expect.stringContaining(sentence)]);
  expect(stderr).not.toContain('    at ');
});
