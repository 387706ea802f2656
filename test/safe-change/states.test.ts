import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { connect } from '../../lib/account/aws';
import { askTemplates } from '../../lib/account/deployed';
import { ENVIRONMENT_NAMES } from '../../lib/config';
import type { Templates } from '../../lib/safe-change/compare';
import { refuseUnsafeChanges } from '../../lib/safe-change/refuse';
import { asDeployed, fromFolder } from '../../lib/safe-change/states';
import { runFolder } from '../support/run/shared';
import { changed, judged, resourceIn, templatesOf } from './states';

/** A folder with the assemblies of all environments, as a synthesis writes it. */
function assemblies(change: (name: string) => Templates = templatesOf as (name: string) => Templates): string {
  const folder = mkdtempSync(join(runFolder(), 'assemblies-'));
  for (const name of ENVIRONMENT_NAMES) {
    const templates = change(name);
    const inner = join(folder, `assembly-${name}`);
    mkdirSync(inner);
    const artifacts = Object.keys(templates).map((stack) => [
      stack,
      { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/us-east-1', properties: {} },
    ]);
    writeFileSync(join(inner, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) as object }));
    for (const [stack, template] of Object.entries(templates))
      writeFileSync(join(inner, `${stack}.template.json`), JSON.stringify(template));
  }
  return folder;
}

test('the app stops before a deployment that would lose data, and says all of it', () => {
  const folder = assemblies((name) =>
    changed(templatesOf(name as 'production'), (copy) => {
      if (name !== 'production') return;
      resourceIn(copy, 'production-Database', 'DatabasePrimaryBBD54FE3').Properties['MasterUsername'] = 'root';
    }),
  );
  expect(() => refuseUnsafeChanges(folder)).toThrow(
    new Error(`nothing is deployed, because a change would lose data:
production against the record lib/safe-change/record/production.json: 1 refused, 0 allowed, 0 pass
  refused  replace      production-Database/DatabasePrimaryBBD54FE3 (AWS::RDS::DBInstance), MasterUsername: "database_admin" -> "root"
           lost: the data of the server, its automated backups and its address
           do: keep the name, and create another role in a migration (lambda/migrations)
To let a change through until a date, add its entry to allowedChanges in lib/config/production.ts, with what happens to the data:
  {"resource":"production-Database/DatabasePrimaryBBD54FE3","changes":["MasterUsername"],"reason":"…","until":"…"},
If production was never deployed, write its record again: npm run diff -- --environment production --never-deployed`),
  );
});

test('an app as it is configured goes on', () => {
  expect(() => refuseUnsafeChanges(assemblies())).not.toThrow();
});

test('a folder without templates of the environment is a sentence', () => {
  expect(() => fromFolder(runFolder(), 'production')).toThrow(
    /has no templates of production; allowed: "record", "deployed", or a folder that "npx cdk synth" wrote, such as cdk\.out$/,
  );
});

describe('deployed templates', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  beforeEach(() => cloudFormation.reset());
  const templates = templatesOf('production');
  const stacks = Object.keys(templates).map((name) => ({ name, region: 'us-east-1' }));
  const absent = Object.assign(new Error('Stack with id production-Access does not exist'), {
    name: 'ValidationError',
  });

  test('are those of the stacks that exist; what CloudFormation mangles is no difference', async () => {
    cloudFormation.on(GetTemplateCommand).rejects(absent);
    const description = 'the bookings – of salons';
    const own = changed(templates, (copy) => {
      resourceIn(copy, 'production-Database', 'DataKey').Properties['Description'] = description;
    });
    const database = JSON.stringify(own['production-Database']).replaceAll(/[^\0-\x7f]/g, '?');
    cloudFormation.on(GetTemplateCommand, { StackName: 'production-Database' }).resolves({ TemplateBody: database });
    const before = await askTemplates(connect(), stacks);
    expect(Object.keys(before)).toEqual(['production-Database']);
    const changes = judged(before, asDeployed(own)).filter(({ resource }) =>
      resource.startsWith('production-Database/'),
    );
    expect(changes).toEqual([]);
    expect(cloudFormation.calls()).toHaveLength(stacks.length);
  });

  test('that may not be read are a sentence with the permission', async () => {
    const denied = Object.assign(new Error('User: ada is not authorized'), { name: 'AccessDenied' });
    cloudFormation.on(GetTemplateCommand).rejects(denied);
    await expect(askTemplates(connect(), stacks)).rejects.toMatchObject({
      message: 'these credentials may not call it: needs cloudformation:GetTemplate',
      wayOut: expect.stringContaining('ask for the permission') as string,
    });
  });
});
