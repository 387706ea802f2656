import { Aws, Stack } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnDocument, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AccessSettings } from '../../config/schema/people/access';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { accessParameter, addressParameter } from '../../contract/parameter-folder';
import { DBA_USER } from '../../contract/roles';
import type { Database } from '../database/database';
import { type DatabaseServer, POSTGRES_PORT } from '../database/database-server';
import { PersonRole } from './person-role';
import { SessionGateway } from './session-gateway';

/** People's access to the servers of one environment. */
export interface PeopleAccessProps {
  readonly config: EnvironmentConfig;
  readonly settings: AccessSettings;
  readonly database: Database;
  readonly vpc: IVpc;
  readonly databaseSubnets: readonly ISubnet[];
  readonly applicationSubnets: readonly ISubnet[];
}

/** What a port is: Systems Manager refuses any other text. */
const PORT_PATTERN = '^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$';

/**
 * How people reach the servers: a gateway, a session document for each server, and two roles that the configured people assume.
 *  - `DatabaseAccessRole` logs in as dba_user with IAM tokens.
 *  - `BreakGlassRole` reads the secret of the master user. Doing so pages.
 * A session is a tunnel to one server's port; what is said in it is encrypted between psql and PostgreSQL, so Systems Manager cannot log it
 * (Systems Manager User Guide, "Logging session activity": not for port forwarding). CloudTrail has who started it, and PostgreSQL's log has
 * the log-in, and with pgaudit all statements of dba_user.
 */
export class PeopleAccess extends Construct {
  /** ARNs of the roles that people assume. */
  readonly roleArns: readonly string[];
  /** Names of the documents that start sessions. */
  readonly documentNames: readonly string[];

  constructor(scope: Construct, id: string, props: PeopleAccessProps) {
    super(scope, id);
    const { config, settings, database, vpc } = props;
    const { name: environment } = config;
    const gateway = new SessionGateway(this, 'Gateway', {
      network: config.network,
      vpc,
      subnet: first(props.databaseSubnets),
      endpointSubnet: first(props.applicationSubnets),
    });
    const { parameterArn } = new StringParameter(this, 'GatewayId', {
      parameterName: accessParameter(environment, 'gateway'),
      stringValue: gateway.instance.instanceId,
      description: 'Instance that sessions pass through on their way to the servers',
    });
    this.documentNames = database.servers.map((server) => this.document(environment, server));
    const { partition, region } = Stack.of(this);
    const common = {
      settings,
      gatewayArn: `arn:${partition}:ec2:${region}:${Aws.ACCOUNT_ID}:instance/${gateway.instance.instanceId}`,
      documentArns: this.documentNames.map(
        (name) => `arn:${partition}:ssm:${region}:${Aws.ACCOUNT_ID}:document/${name}`,
      ),
      parameterArns: [
        parameterArn,
        ...database.servers.map(
          ({ name }) =>
            `arn:${partition}:ssm:${region}:${Aws.ACCOUNT_ID}:parameter${addressParameter(environment, name)}`,
        ),
      ],
    };
    const access = new PersonRole(this, 'Access', {
      ...common,
      description: `Logs in to the ${environment} database as ${DBA_USER}`,
      output: 'DatabaseAccessRole',
    });
    const { connections } = gateway;
    database.grantConnect({ connections, grantPrincipal: access.policy.grantPrincipal }, DBA_USER);
    const breakGlass = new PersonRole(this, 'BreakGlass', {
      ...common,
      description: `Reads the secret of the master user of the ${environment} database, for emergencies; it pages`,
      output: 'BreakGlassRole',
    });
    database.secrets.grantRead('Master', breakGlass.policy);
    this.roleArns = [access, breakGlass].map(({ role }) => role.roleArn);
  }

  /** Starts a tunnel to the PostgreSQL port of one server, and to nothing else. Its form is AWS-StartPortForwardingSessionToRemoteHost's. */
  private document(environment: string, { name: server, instance }: DatabaseServer): string {
    const name = `${environment}-connect-${server}`;
    new CfnDocument(this, `Connect-${server}`, {
      name,
      documentType: 'Session',
      documentFormat: 'JSON',
      content: {
        schemaVersion: '1.0',
        description: `Tunnel to PostgreSQL on ${server} of ${environment}`,
        sessionType: 'Port',
        parameters: {
          localPortNumber: {
            type: 'String',
            description: 'Port on your machine',
            allowedPattern: PORT_PATTERN,
            default: String(POSTGRES_PORT),
          },
        },
        properties: {
          type: 'LocalPortForwarding',
          host: instance.dbInstanceEndpointAddress,
          portNumber: String(POSTGRES_PORT),
          localPortNumber: '{{ localPortNumber }}',
        },
      },
      // The default is to replace the document, which its fixed name does not allow.
      updateMethod: 'NewVersion',
    });
    return name;
  }
}

/** A network has two subnets of each kind at least. */
function first(subnets: readonly ISubnet[]): ISubnet {
  const [subnet] = subnets;
  if (!subnet) throw new Error('the network has no subnet; allowed: two or three in different zones');
  return subnet;
}
