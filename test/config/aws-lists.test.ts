import { RegionInfo } from 'aws-cdk-lib/region-info';
import { vcpusOf } from '../../lib/config/aws/instance-classes';
import { REGIONS, zonesOf } from '../../lib/config/aws/regions';
import { RESERVED_DATABASE_NAMES } from '../../lib/config/aws/reserved-words';
import { parseSql } from '../../lib/migration-lint/parse';

test.each(REGIONS)('%s is a region of the partition aws, as aws-cdk-lib knows it', (region) => {
  expect(RegionInfo.get(region).partition).toBe('aws');
  expect(zonesOf(region).length).toBeGreaterThanOrEqual(3);
});

test('a class has twice the processors of the size before it', () => {
  expect(['t4g.micro', 'm7g.large', 'm7g.xlarge', 'r8g.48xlarge'].map(vcpusOf)).toEqual([2, 2, 4, 192]);
});

test('PostgreSQL 15 takes no reserved word as the name of a database', async () => {
  const existing = ['postgres', 'template0', 'template1', 'rdsadmin'];
  const words = RESERVED_DATABASE_NAMES.filter((name) => !existing.includes(name));
  expect(words.length).toBeGreaterThan(70);
  for (const word of words) await expect(parseSql(`CREATE DATABASE ${word}`)).rejects.toThrow('syntax error');
  await expect(parseSql('CREATE DATABASE salons')).resolves.toHaveLength(1);
});
