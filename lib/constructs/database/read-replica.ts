import { RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import {
  type CfnDBInstance,
  type DatabaseInstance,
  DatabaseInstanceReadReplica,
  type IParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge } from '../acknowledge';
import {
  acknowledgeWhatIsOff,
  MINOR_UPGRADE_REASON,
  MINOR_UPGRADE_RULES,
  type ServerSettings,
} from './server-settings';

/** One read replica. */
export interface ReadReplicaProps {
  readonly config: EnvironmentConfig;
  readonly replica: EnvironmentConfig['replicas'][number];
  readonly settings: ServerSettings;
  readonly primary: DatabaseInstance;
  readonly parameterGroup: IParameterGroup;
}

/**
 * A server that follows the primary and answers reads, each replica in a different zone. It inherits encryption and initial storage from
 * the primary; neither can be set here. Nor can backups: RDS for PostgreSQL offers them, the CDK class does not. It also inherits the
 * version, and states one only while it is upgraded before the primary.
 */
export class ReadReplica extends Construct {
  readonly instance: DatabaseInstanceReadReplica;

  constructor(scope: Construct, id: string, { config, replica, settings, primary, parameterGroup }: ReadReplicaProps) {
    super(scope, id);
    const { database } = config;
    this.instance = new DatabaseInstanceReadReplica(this, 'Resource', {
      ...settings.common,
      sourceDatabaseInstance: primary,
      instanceType: new InstanceType(replica.instanceClass ?? database.instanceClass),
      availabilityZone: replica.availabilityZone,
      multiAz: false,
      maxAllocatedStorage: replica.maxAllocatedStorageGiB ?? database.maxAllocatedStorageGiB,
      parameterGroup,
      // A replica holds no data of its own. CloudFormation ignores deletion policies of replicas (template reference,
      // AWS::RDS::DBInstance): what keeps them is deletion protection.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The CDK class has no such property (https://github.com/aws/aws-cdk/issues/26755).
    (this.instance.node.defaultChild as CfnDBInstance).engineVersion = replica.engineVersion;
    acknowledge(
      this,
      [
        'AwsSolutions-RDS2',
        'NIST.800.53.R5-RDSStorageEncrypted',
        'HIPAA.Security-RDSStorageEncrypted',
        'PCI.DSS.321-RDSStorageEncrypted',
      ],
      'a replica is encrypted with the key of its primary; RDS refuses a replica that states encryption itself',
    );
    acknowledge(
      this,
      ['AwsSolutions-RDS3', 'NIST.800.53.R5-RDSMultiAZSupport', 'HIPAA.Security-RDSMultiAZSupport'],
      'the other replica and the primary are in other zones, and reads move there when this zone is lost',
    );
    acknowledge(
      this,
      ['NIST.800.53.R5-RDSInBackupPlan', 'HIPAA.Security-RDSInBackupPlan'],
      'a replica holds no data that its primary does not: the primary is backed up, a lost replica is created again',
    );
    acknowledge(this, ['CloudFormation-Validate::W3010'], 'the configuration spreads the replicas over zones by name');
    acknowledge(this, MINOR_UPGRADE_RULES, MINOR_UPGRADE_REASON);
    acknowledgeWhatIsOff(this, database);
    acknowledge(
      this,
      ['AwsSolutions-RDS11'],
      'the port is reachable only from the security groups named here, inside the VPC; another number would not hide it',
    );
  }
}
