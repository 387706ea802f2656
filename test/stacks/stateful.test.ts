import { ENVIRONMENT_NAMES } from '../../lib/config';
import { redacted, synthesize } from '../support/synth';

/** Types whose resources hold something that is lost with them. */
const STATEFUL = ['AWS::RDS::DBInstance', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret', 'AWS::Backup::BackupVault', 'AWS::RDS::DBSubnetGroup', 'AWS::EC2::VPC', 'AWS::Route53::HostedZone']; // prettier-ignore

describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  const templates = synthesize(name);

  // CloudFormation replaces a resource whose logical id changes: a database, with all that it holds. A change here is a migration
  // of data that somebody plans.
  test('the logical ids of stateful resources are frozen', () => {
    const ids = Object.values(templates).flatMap((template) =>
      STATEFUL.flatMap((type) => Object.keys(template.findResources(type)).map((id) => `${type} ${id}`)),
    );
    expect(ids.sort()).toMatchSnapshot();
  });

  test('stateful resources have no name of their own', () => {
    for (const template of Object.values(templates)) {
      for (const resource of Object.values(template.findResources('AWS::RDS::DBInstance'))) {
        expect(resource['Properties']).not.toHaveProperty('DBInstanceIdentifier');
      }
      for (const resource of Object.values(template.findResources('AWS::SecretsManager::Secret'))) {
        expect(resource['Properties']).not.toHaveProperty('Name');
      }
    }
  });

  test('is as reviewed last', () => {
    expect(
      Object.fromEntries(Object.entries(templates).map(([stack, template]) => [stack, redacted(template)])),
    ).toMatchSnapshot();
  });
});
