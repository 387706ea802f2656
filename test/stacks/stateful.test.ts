import { ENVIRONMENT_NAMES } from '../../lib/config';
import { synthesize } from '../support/synth';

/** Types whose resources lose data, or an address that others use, when they are replaced. */
const STATEFUL = [
  'AWS::RDS::DBInstance',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
  'AWS::Backup::BackupVault',
  'AWS::RDS::DBSubnetGroup',
  'AWS::EC2::VPC',
  'AWS::Route53::HostedZone',
];

describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  const templates = () => Object.values(synthesize(name));

  // CloudFormation replaces a resource whose logical id changes, and the data of a replaced database is lost. Do not update this
  // snapshot without a plan for the migration of the data.
  test('the logical ids of stateful resources are frozen', () => {
    const ids = templates().flatMap((template) =>
      STATEFUL.flatMap((type) => Object.keys(template.findResources(type)).map((id) => `${type} ${id}`)),
    );
    expect(ids.sort()).toMatchSnapshot();
  });

  test('stateful resources have no explicit name', () => {
    for (const template of templates()) {
      for (const resource of Object.values(template.findResources('AWS::RDS::DBInstance'))) {
        expect(resource['Properties']).not.toHaveProperty('DBInstanceIdentifier');
      }
      for (const resource of Object.values(template.findResources('AWS::SecretsManager::Secret'))) {
        expect(resource['Properties']).not.toHaveProperty('Name');
      }
    }
  });
});
