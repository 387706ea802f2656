import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { APP_USER } from '../../contract/roles';
import { acknowledge } from '../acknowledge';
import { EXCLUDED_CHARACTERS } from '../database/database-secrets';
import { serverIdentifier } from '../database/server-logs';
import { CACHE_REASONS } from './cache-reasons';

/** Who may log in to the cache. */
export interface CacheUsersProps {
  readonly environment: string;
  /** Encrypts the secret. */
  readonly key: IKey;
}

/**
 * Every key and command of an application and its queue, none that administers the server or reads all of it (FLUSHALL, KEYS, MONITOR, CONFIG).
 * INFO belongs to those; ioredis asks it whether the server is ready.
 */
const APPLICATION = 'on ~* &* +@all -@admin -@dangerous +info';

/**
 * The users of the cache: the application's, with a generated password, and `default`, which a client without a name would be and which
 * may not log in. A password and not a token of IAM: a token lasts 15 minutes, ioredis takes its password once, and ElastiCache ends
 * connections that began with a token after 12 hours (ElastiCache User Guide, "Authenticating with IAM"), so that the application would need code of its own to
 * connect again.
 */
export class CacheUsers extends Construct {
  /** User and password of the application. */
  readonly secret: ISecret;
  readonly userGroupId: string;

  constructor(scope: Construct, id: string, { environment, key }: CacheUsersProps) {
    super(scope, id);
    // Without the key's own construct: CDK would allow Secrets Manager the use of the key a second time, with wildcards.
    const encryptionKey = Key.fromKeyArn(this, 'Key', key.keyArn);
    this.secret = new Secret(this, 'Secret', {
      description: `Password of ${APP_USER} in the cache`,
      encryptionKey,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: APP_USER }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludeCharacters: EXCLUDED_CHARACTERS,
      },
    });
    acknowledge(
      this.secret,
      [
        'AwsSolutions-SMG4',
        'NIST.800.53.R5-SecretsManagerRotationEnabled',
        'HIPAA.Security-SecretsManagerRotationEnabled',
      ],
      CACHE_REASONS.users,
    );
    // In the template a reference that CloudFormation resolves while it deploys, not the password.
    const password = this.secret.secretValueFromJson('password').unsafeUnwrap();
    const user = (name: string, userName: string, accessString: string) =>
      new CfnUser(this, name, {
        engine: 'valkey',
        userId: serverIdentifier(environment, `cache-${name.toLowerCase()}`),
        userName,
        accessString,
        // A group for Valkey takes no user without one, not even one that is off.
        authenticationMode: { Type: 'password', Passwords: [password] },
      });
    const users = [user('App', APP_USER, APPLICATION), user('Off', 'default', 'off -@all')];
    this.userGroupId = new CfnUserGroup(this, 'Group', {
      engine: 'valkey',
      userGroupId: serverIdentifier(environment, 'cache'),
      userIds: users.map(({ ref }) => ref),
    }).ref;
  }
}
