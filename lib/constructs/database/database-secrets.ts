import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type ISubnet, type IVpc, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Credentials, type DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret, SecretRotation, SecretRotationApplication } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { APP_USER, MASTER_USER } from '../../contract/roles';
import { acknowledge } from '../acknowledge';

/** Characters that a password must not contain: RDS refuses `/ " @` and space, the others would need escaping in a connection URL. */
const EXCLUDED_CHARACTERS = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\^,=.';

/** The generated secrets of one database, encrypted with `key`. */
export interface DatabaseSecretsProps {
  readonly key: IKey;
  readonly databaseName: string;
}

/** Where and how often the secrets are rotated. */
export interface RotationProps {
  readonly days: number;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroup: SecurityGroup;
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
    const generate = (name: string, username: string) =>
      new Secret(this, name, {
        description: `Password of ${username}`,
        encryptionKey: key,
        removalPolicy: RemovalPolicy.RETAIN,
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
   * Rotates both secrets, each by its own user: alternating users would change the user name that the proxy knows
   * (https://github.com/aws/aws-cdk/issues/25568).
   */
  rotate(primary: DatabaseInstance, { days, vpc, subnets, securityGroup }: RotationProps): void {
    for (const name of ['Master', 'Application'] as const) {
      const rotation = new SecretRotation(this, `${name}Rotation`, {
        application: SecretRotationApplication.POSTGRES_ROTATION_SINGLE_USER,
        secret: this.secret(name),
        target: primary,
        vpc,
        vpcSubnets: { subnets },
        securityGroup,
        automaticallyAfter: Duration.days(days),
        excludeCharacters: EXCLUDED_CHARACTERS,
        // app_user exists only after the migrations: a rotation during the first deployment would fail.
        rotateImmediatelyOnUpdate: false,
      });
      rotation.node.addDependency(primary);
    }
  }

  /**
   * Lets a workload read a secret, by the workload's policy only: `secret.grantRead` would also name the workload in the key's policy,
   * and this stack would depend on the workload's.
   */
  grantRead(name: 'Master' | 'Application', workload: IGrantable): void {
    const { region } = Stack.of(this);
    for (const statement of [
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        resources: [this.secret(name).secretArn],
      }),
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${Aws.URL_SUFFIX}` } },
      }),
    ]) {
      workload.grantPrincipal.addToPrincipalPolicy(statement);
    }
  }

  /** Acknowledges, with the reason, that nothing rotates the secrets. */
  acknowledgeNoRotation(reason: string): void {
    acknowledge(
      this,
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
