import { ENVIRONMENT_NAMES } from '../../lib/config';
import { synthesize } from '../support/synth';

describe.each(ENVIRONMENT_NAMES)('%s', (name) => {
  const templates = () => Object.values(synthesize(name));

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
