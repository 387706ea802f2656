import { CfnOutput } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { type IPrivateHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { addressParameter } from '../../contract/parameter-folder';

/** Host names of the servers. */
export interface AddressesProps {
  /** Name of the environment, part of the names of the SSM parameters. */
  readonly environment: string;
  readonly vpc: IVpc;
  /** Private hosted zone that holds the reader's name. */
  readonly zoneName: string;
  /** Where applications write: the proxy, or the primary where there is none. */
  readonly writer: string;
  readonly primary: string;
  readonly replicas: readonly string[];
}

/**
 * The addresses of the database as stack outputs and SSM parameters: writer, primary, replica-1 …, and reader. Reader is one name for
 * all replicas; the construct ReaderRecords makes its records. The servers' certificates carry the servers' own names: a client that
 * verifies the full name connects to those, a client of the reader verifies only the CA.
 */
export class Addresses extends Construct {
  /** Name that resolves to one of the replicas, or to the primary where there is none. */
  readonly reader: string;
  /** Holds the reader's records. */
  readonly zone: IPrivateHostedZone;

  constructor(scope: Construct, id: string, { environment, vpc, zoneName, writer, primary, replicas }: AddressesProps) {
    super(scope, id);
    this.reader = `reader.${zoneName}`;
    this.zone = new PrivateHostedZone(this, 'Zone', { vpc, zoneName });
    this.publish(environment, 'writer', writer, 'where applications write');
    this.publish(environment, 'primary', primary, 'the primary itself, for migrations and people');
    replicas.forEach((host, i) => this.publish(environment, `replica-${i + 1}`, host, 'a read replica'));
    this.publish(environment, 'reader', this.reader, 'any replica, for tools that want one name');
  }

  private publish(environment: string, name: string, host: string, description: string): void {
    const parameterName = addressParameter(environment, name);
    new StringParameter(this, `${name}-parameter`, {
      parameterName,
      stringValue: host,
      description: `Host name: ${description}`,
    });
    const output = new CfnOutput(this, `${name}-host`, {
      value: host,
      description: `Host name: ${description} (also ${parameterName})`,
    });
    output.overrideLogicalId(`Database${name.split('-').map(capitalize).join('')}Host`);
  }
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
