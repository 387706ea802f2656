import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as appModule from '../../lib/app';
import type * as configModule from '../../lib/config';
import type * as parseModule from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import type * as supportModule from '../support/app';

/** The file that a person writes: production in another region. */
const demo: EnvironmentInput = {
  ...production,
  region: 'eu-west-1',
  network: { kind: 'create', availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] },
  replicas: [{ availabilityZone: 'eu-west-1b' }, { availabilityZone: 'eu-west-1c' }],
  backups: { ...production.backups, recoveryRegion: 'eu-central-1' },
  dns: { zoneName: 'demo.whatsapp-saas.internal' },
};

/** The line that a person adds to lib/config/environments.ts. */
jest.doMock('../../lib/config/environments', () => ({
  ...jest.requireActual<object>('../../lib/config/environments'),
  demo,
}));

// Loaded after the line was added.
const { ENVIRONMENT_NAMES, loadEnvironment } = jest.requireActual<typeof configModule>('../../lib/config');
const { createApp } = jest.requireActual<typeof appModule>('../../lib/app');
const { temporaryOutdir } = jest.requireActual<typeof supportModule>('../support/app');
const NAME = 'demo' as (typeof ENVIRONMENT_NAMES)[number];

test('a file and a line make an environment', () => {
  expect(ENVIRONMENT_NAMES).toContain(NAME);
  expect(loadEnvironment(NAME)).toMatchObject({ name: 'demo', region: 'eu-west-1' });
});

test('its file alone decides the regions: no template names another one', () => {
  const outdir = temporaryOutdir();
  createApp({ environments: [NAME], outdir, bundle: false }).synth();
  const assembly = join(outdir, 'assembly-demo');
  const templates = readdirSync(assembly).filter((file) => file.endsWith('.template.json'));
  expect(templates.length).toBeGreaterThan(5);
  // Not the rotation functions' mapping, in which CDK lists every region.
  const regions = templates
    .map((file) => JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Record<string, unknown>)
    .flatMap((template) => JSON.stringify({ ...template, Mappings: {} }).match(/\b[a-z]{2}-[a-z]+-\d\b/g) ?? []);
  expect([...new Set(regions)].sort()).toEqual(['eu-central-1', 'eu-west-1']);
});

test('a name that AWS would refuse fails with a sentence', () => {
  const { parseEnvironment } = jest.requireActual<typeof parseModule>('../../lib/config/parse');
  expect(() => parseEnvironment('Demo-2', demo)).toThrow(
    'name is "Demo-2"; allowed: 2 to 20 lower-case letters and digits, such as "staging"',
  );
});
