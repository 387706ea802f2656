import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Peer, Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge } from '../acknowledge';
import { SERVER_REASONS } from '../reasons';
import { EXCLUDED_CHARACTERS } from './database-secrets';
import { POSTGRES_PORT } from './database-server';

/** Name of the role that the import logs in as to the old server. */
const SOURCE_USER = 'import_user';

/** What an import needs of the servers. */
export interface ImportAccessProps {
  readonly settings: NonNullable<EnvironmentConfig['import']>;
  /** Of the servers. */
  readonly securityGroup: SecurityGroup;
  readonly key: IKey;
}

/**
 * Lets the servers and the old one, which is moved in, connect to each other, and generates the password that the import uses there. All of it
 * goes with the block `import` of the configuration.
 */
export class ImportAccess extends Construct {
  constructor(scope: Construct, id: string, { settings, securityGroup, key }: ImportAccessProps) {
    super(scope, id);
    for (const range of settings.sourceCidrs) {
      const source = Peer.ipv4(range);
      securityGroup.addEgressRule(source, Port.tcp(settings.sourcePort), 'PostgreSQL that moves in');
      securityGroup.addIngressRule(source, Port.tcp(POSTGRES_PORT), 'The way back of the import');
    }
    const secret = new Secret(this, 'Source', {
      description: `Password for ${SOURCE_USER} on the server that moves into ${Stack.of(this).stackName}`,
      // Without the key's own construct: CDK would allow Secrets Manager the use of the key a second time, with wildcards.
      encryptionKey: Key.fromKeyArn(this, 'Key', key.keyArn),
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: SOURCE_USER }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludeCharacters: EXCLUDED_CHARACTERS,
      },
    });
    acknowledge(
      secret,
      [
        'AwsSolutions-SMG4',
        'NIST.800.53.R5-SecretsManagerRotationEnabled',
        'HIPAA.Security-SecretsManagerRotationEnabled',
      ],
      SERVER_REASONS.sourceOfImport,
    );
    new CfnOutput(this, 'SecretArn', {
      description: 'npm run import -- … --from-secret <this ARN>',
      value: secret.secretArn,
    });
  }
}
