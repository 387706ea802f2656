import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Credentials, type DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { APP_USER, MASTER_USER } from '../../contract/roles';
import { acknowledge } from '../acknowledge';
import type { Reason } from '../reasons';

/** Characters that a password must not contain: RDS refuses `/ " @` and space, the others would need escaping in a connection URL. */
export const EXCLUDED_CHARACTERS = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\^,=.';

/** The generated secrets of one database, encrypted with `key`. */
export interface DatabaseSecretsProps {
  readonly key: IKey;
  readonly databaseName: string;
}

/**
 * The secrets of the master user and of the application's role, generated here and kept when the stack is deleted. A master password
 * managed by RDS is not an option: it rules out read replicas (RDS User Guide, "Password management with Secrets Manager").
 */
export class DatabaseSecrets extends Construct {
  /** Credentials that the primary is created with. */
  readonly masterCredentials: Credentials;
  private readonly key: IKey;
  private readonly generated: Record<'Master' | 'Application', Secret>;
  private attached?: Record<'Master' | 'Application', ISecret>;

  constructor(scope: Construct, id: string, { key, databaseName }: DatabaseSecretsProps) {
    super(scope, id);
    this.key = key;
    // Without the key's own construct: CDK would allow Secrets Manager the use of the key a second time, with wildcards.
    const encryptionKey = Key.fromKeyArn(this, 'Key', key.keyArn);
    const generate = (name: string, username: string) =>
      new Secret(this, name, {
        description: `Password of ${username}`,
        encryptionKey,
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        generateSecretString: {
          secretStringTemplate: JSON.stringify({ username, dbname: databaseName }),
          generateStringKey: 'password',
          passwordLength: 40,
          excludeCharacters: EXCLUDED_CHARACTERS,
        },
      });
    this.generated = { Master: generate('Master', MASTER_USER), Application: generate('Application', APP_USER) };
    this.masterCredentials = Credentials.fromSecret(this.generated.Master, MASTER_USER);
  }

  /** The master user's secret with the address of the database. */
  get master(): ISecret {
    return this.secret('Master');
  }

  /** The secret of app_user, with the address of the primary; applications connect to the writer address instead. */
  get application(): ISecret {
    return this.secret('Application');
  }

  /** Adds the address of the primary to both secrets: rotation and migrations read it there. */
  attach(primary: DatabaseInstance): void {
    const master = primary.secret;
    if (!master) throw new Error('the primary has no secret; create it with masterCredentials');
    this.attached = { Master: master, Application: this.generated.Application.attach(primary) };
  }

  /**
   * The application's secret for a construct in another stack: CDK makes rotation schedules beside the secret, and grants in the key's
   * policy. With the secret itself both would put resources of that stack into this one.
   */
  applicationFor(scope: Construct, id: string): ISecret {
    return Secret.fromSecretAttributes(scope, id, {
      secretCompleteArn: this.application.secretArn,
      encryptionKey: Key.fromKeyArn(scope, `${id}Key`, this.key.keyArn),
    });
  }

  /**
   * Lets a workload read a secret, by the workload's policy only: `secret.grantRead` would also name the workload in the key's policy,
   * and this stack would depend on the workload's.
   */
  grantRead(name: 'Master' | 'Application', workload: IGrantable): void {
    for (const statement of readStatements(this, this.secret(name), this.key)) {
      workload.grantPrincipal.addToPrincipalPolicy(statement);
    }
  }

  /** Acknowledges, with the reason, that nothing in this stack rotates a secret. Default: both. */
  acknowledgeNoRotation(reason: Reason, name?: 'Application'): void {
    acknowledge(
      name ? this.generated[name] : this,
      [
        'AwsSolutions-SMG4',
        'NIST.800.53.R5-SecretsManagerRotationEnabled',
        'HIPAA.Security-SecretsManagerRotationEnabled',
      ],
      reason,
    );
  }

  private secret(name: 'Master' | 'Application'): ISecret {
    if (!this.attached) throw new Error('the secrets have no address yet; call attach() with the primary first');
    return this.attached[name];
  }
}

/**
 * What a role needs to read a secret: the secret, and its key through Secrets Manager alone.
 * @param scope in the region of the secret
 * @param key of the secret. Default: the one that the secret knows
 */
export function readStatements(scope: IConstruct, secret: ISecret, key = secret.encryptionKey): PolicyStatement[] {
  if (!key)
    throw new Error(`${secret.node.path} has no key of ours; a secret without one is readable through AWS's own key`);
  return [
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      resources: [secret.secretArn],
    }),
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.${Aws.URL_SUFFIX}` } },
    }),
  ];
}
