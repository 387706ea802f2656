import { deployedDocuments } from '../../../lib/recovery-documents/deployed';
import { actionsOf } from '../../../lib/recovery-documents/permissions';
import { documentCallFaults } from '../../support/aws/document-calls';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../../lib/config';
import { find, onlyOne, type Properties } from '../../support/synth';
import { contentOf, deployed, documentNames, statementsOf, templates } from './deployed';

test.each(ENVIRONMENT_NAMES)('%s has the documents whose needs it meets, and no others', (name) => {
  const names = deployedDocuments(loadEnvironment(name)).map((document) => document.name);
  expect(documentNames(templates[name].operations)).toEqual(names.sort());
});

describe.each(deployed)('%s', (_, properties, template) => {
  test('is as Systems Manager takes it, with every name filled in', () => {
    expect(properties).toMatchObject({ DocumentType: 'Automation', UpdateMethod: 'NewVersion' });
    expect(JSON.stringify(contentOf(properties))).not.toMatch(/\$\{/);
    expect(documentCallFaults(contentOf(properties))).toEqual([]);
  });

  test('may do what its steps ask for and nothing else', () => {
    const allowed = statementsOf(properties, template).flatMap(({ Action }) => Action);
    expect([...new Set(allowed)].sort()).toEqual(actionsOf(contentOf(properties)));
  });

  test('its role is for executions of this account', () => {
    const { assumeRole } = properties['Content'] as { assumeRole: { 'Fn::GetAtt': [string, string] } };
    const role = template.findResources('AWS::IAM::Role')[assumeRole['Fn::GetAtt'][0]]!['Properties'] as Properties;
    expect(role['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': expect.anything() as unknown },
          },
        },
      ],
    });
  });
});

test('a server is deleted only when a replica is rebuilt, and only that replica', () => {
  const deleting = deployed.flatMap(([name, properties, template]) =>
    statementsOf(properties, template)
      .filter(({ Action }) => [Action].flat().includes('rds:DeleteDBInstance'))
      .map(({ Resource }) => [name, JSON.stringify(Resource)] as const),
  );
  expect(new Set(deleting.map(([name]) => name.replace(/^\w+-/, '')))).toEqual(
    new Set(['rebuild-replica-1', 'rebuild-replica-2']),
  );
  for (const [name, resource] of deleting) {
    expect(resource).toContain(`Replica${name.slice(-1)}`);
    expect(resource).not.toContain('Primary');
    expect(resource).not.toContain('*');
  }
});

test('a switch changes only servers of its environment, and adds no tag but the backup plan’s', () => {
  const template = templates.production.operations;
  const document = onlyOne(find(template, 'AWS::SSM::Document', { Name: 'production-switch-over' }));
  const writes = statementsOf(document, template).filter(({ Action }) =>
    [Action].flat().some((action) => /rds:(Modify|AddTags)/.test(action)),
  );
  expect(writes).toHaveLength(2);
  for (const { Condition } of writes) {
    expect(Condition!['StringEquals']).toMatchObject({ 'aws:ResourceTag/Environment': 'production' });
  }
  expect(writes.find(({ Action }) => Action === 'rds:AddTagsToResource')!.Condition!['StringEquals']).toMatchObject({
    'aws:RequestTag/whatsapp-saas:backup': 'production',
  });
});
