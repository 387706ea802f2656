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
import { SERVER_REASONS } from '../reasons';
import { acknowledgeWhatIsOff, MINOR_UPGRADE_RULES, type ServerSettings } from './server-settings';

/** One read replica. */
export interface ReadReplicaProps {
  readonly config: EnvironmentConfig;
  /** Such as `replica-1`. */
  readonly name: string;
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

  constructor(scope: Construct, id: string, props: ReadReplicaProps) {
    super(scope, id);
    const { config, name, replica, settings, primary, parameterGroup } = props;
    const { database } = config;
    // In another zone it is another server.
    const { logs, ...named } = settings.named(this, name, [replica.availabilityZone]);
    this.instance = new DatabaseInstanceReadReplica(this, 'Resource', {
      ...settings.common,
      ...named,
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
    this.instance.node.addDependency(logs);
    // The CDK class has no such property (https://github.com/aws/aws-cdk/issues/26755).
    (this.instance.node.defaultChild as CfnDBInstance).engineVersion = replica.engineVersion;
    acknowledge(
      this,
      [
        'AwsSolutions-RDS2',
        'NIST.800.53.R5-RDSStorageEncrypted',
        'HIPAA.Security-RDSStorageEncrypted',
        'PCI.DSS.321-RDSStorageEncrypted',
        'NIST.800.53.R5-RDSInBackupPlan',
        'HIPAA.Security-RDSInBackupPlan',
      ],
      SERVER_REASONS.inheritedByReplica,
    );
    acknowledge(
      this,
      ['AwsSolutions-RDS3', 'NIST.800.53.R5-RDSMultiAZSupport', 'HIPAA.Security-RDSMultiAZSupport'],
      SERVER_REASONS.replicaZones,
    );
    acknowledge(this, ['CloudFormation-Validate::W3010'], SERVER_REASONS.zonesByName);
    acknowledge(this, MINOR_UPGRADE_RULES, SERVER_REASONS.minorVersion);
    acknowledgeWhatIsOff(this, database);
    acknowledge(this, ['AwsSolutions-RDS11'], SERVER_REASONS.port);
  }
}
