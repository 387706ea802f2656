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
  readonly primary: string;
  readonly replicas: readonly string[];
}

/**
 * The addresses of the servers as stack outputs and SSM parameters: primary, replica-1 …, and reader. Where applications write is
 * published with the proxy (ApplicationAccess). Reader is one name for all replicas; the construct ReaderRecords makes its records. The
 * servers' certificates carry the servers' own names: a client that verifies the full name connects to those, a client of the reader
 * verifies only the CA.
 */
export class Addresses extends Construct {
  /** Name that resolves to one of the replicas, or to the primary where there is none. */
  readonly reader: string;
  /** Holds the reader's records. */
  readonly zone: IPrivateHostedZone;

  constructor(scope: Construct, id: string, { environment, vpc, zoneName, primary, replicas }: AddressesProps) {
    super(scope, id);
    this.reader = `reader.${zoneName}`;
    this.zone = new PrivateHostedZone(this, 'Zone', { vpc, zoneName });
    const publish = (name: string, host: string, description: string) =>
      publishAddress(this, { environment, name, host, description });
    publish('primary', primary, 'the primary itself, for migrations and people');
    replicas.forEach((host, i) => publish(`replica-${i + 1}`, host, 'a read replica'));
    publish('reader', this.reader, 'any replica, for tools that want one name');
  }
}

/** One published address. */
interface PublishedAddress {
  readonly environment: string;
  /** Last part of the parameter's name, such as `writer`. */
  readonly name: string;
  readonly host: string;
  /** What answers there, in a few words. */
  readonly description: string;
}

/** Publishes an address as a stack output and as an SSM parameter. */
export function publishAddress(scope: Construct, { environment, name, host, description }: PublishedAddress): void {
  const parameterName = addressParameter(environment, name);
  new StringParameter(scope, `${name}-parameter`, {
    parameterName,
    stringValue: host,
    description: `Host name: ${description}`,
  });
  const output = new CfnOutput(scope, `${name}-host`, {
    value: host,
    description: `Host name: ${description} (also ${parameterName})`,
  });
  output.overrideLogicalId(`Database${name.split('-').map(capitalize).join('')}Host`);
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
