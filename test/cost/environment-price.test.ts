import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/config';
import { type EnvironmentPrice, environmentPrice, priceText } from '../../lib/cost/environment-price';

const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'm', Period: 60 } };

test('the whole is the sum of drills, backups and monitoring', () => {
  const price = environmentPrice(loadEnvironment('production'), { alarm });
  const { drills, backups, monitoring, dollars } = price;
  expect(dollars).toBeCloseTo(drills.dollars + backups.dollars + monitoring.dollars, 2);
  expect(monitoring.alarmMetrics).toBe(1);
  const text = priceText(price);
  expect(text).toContain(`production: $${dollars.toFixed(2)} a month`);
  expect(text).toContain('restore drills: $5.41');
  expect(text).toContain('at $1.5 (unconfirmed)');
});

test('the README of lib/cost states the price of the drills as it is', () => {
  const { dollars } = environmentPrice(loadEnvironment('production'), {}).drills;
  expect(readFileSync(join(__dirname, '../../lib/cost/README.md'), 'utf8')).toContain(
    `(production: $${dollars.toFixed(2)} a month:`,
  );
});

test('the command prices every environment from its templates', () => {
  const cost = (...flags: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'bin/cli.ts', 'cost', ...flags], { encoding: 'utf8' });
  const { status, stdout, stderr } = cost('--json', '--environment', 'production');
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^ +\d+\.\d s {2}synthesizing production\n$/)]);
  const [found] = JSON.parse(stdout) as EnvironmentPrice[];
  expect(found).toMatchObject({
    environment: 'production',
    drills: { dollars: 5.41 },
    prices: { region: 'us-east-1' },
  });
  expect(found!.monitoring.alarmMetrics).toBeGreaterThan(50);
  expect(cost('--environment', 'test')).toMatchObject({
    status: 1,
    stderr: "option '--environment <name>' argument 'test' is invalid. Allowed choices are dev, production, staging.\n",
  });
  expect(cost('--help').stdout).toContain('--json');
});
