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

  // A server that a deleted stack kept must not hold the name that the next creation needs.
  test('stateful resources have no explicit name, or one that ends with the id of their stack', () => {
    for (const template of templates()) {
      for (const resource of Object.values(template.findResources('AWS::RDS::DBInstance'))) {
        const { DBInstanceIdentifier } = resource['Properties'] as Record<string, unknown>;
        expect(JSON.stringify(DBInstanceIdentifier)).toMatch(/-",\{"Fn::Select":.*"AWS::StackId".*\}\]\]\}$/);
      }
      for (const resource of Object.values(template.findResources('AWS::SecretsManager::Secret'))) {
        expect(resource['Properties']).not.toHaveProperty('Name');
      }
    }
  });
});
