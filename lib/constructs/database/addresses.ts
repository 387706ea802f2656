import { CfnOutput } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { type IPrivateHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** Host names of the servers. */
export interface AddressesProps {
  readonly vpc: IVpc;
  /** Private hosted zone that holds the reader's name. */
  readonly zoneName: string;
  /** Folder of the SSM parameters, such as `/whatsapp-saas/production`. */
  readonly parameterFolder: string;
  /** Where applications write: the proxy, or the primary where there is none. */
  readonly writer: string;
  readonly primary: string;
  readonly replicas: readonly string[];
}

/**
 * The addresses of the database as stack outputs and SSM parameters: writer, primary, replica-1 …, and reader, one name for all
 * replicas, whose records are ReaderRecords'. The servers' certificates name the servers themselves: a client that verifies the
 * full name connects to those, a client of the reader verifies the CA.
 */
export class Addresses extends Construct {
  /** Name that resolves to one of the replicas, or to the primary where there is none. */
  readonly reader: string;
  /** Holds the reader's records. */
  readonly zone: IPrivateHostedZone;

  constructor(scope: Construct, id: string, props: AddressesProps) {
    super(scope, id);
    this.reader = `reader.${props.zoneName}`;
    this.zone = new PrivateHostedZone(this, 'Zone', { vpc: props.vpc, zoneName: props.zoneName });
    this.publish(props.parameterFolder, 'writer', props.writer, 'where applications write');
    this.publish(props.parameterFolder, 'primary', props.primary, 'the primary itself, for migrations and people');
    props.replicas.forEach((host, i) =>
      this.publish(props.parameterFolder, `replica-${i + 1}`, host, 'a read replica'),
    );
    this.publish(props.parameterFolder, 'reader', this.reader, 'any replica, for tools that want one name');
  }

  private publish(folder: string, name: string, host: string, description: string): void {
    const parameterName = addressParameter(folder, name);
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

/** Name of the SSM parameter that holds an address. */
export function addressParameter(folder: string, name: string): string {
  return `${folder}/database/${name}`;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
