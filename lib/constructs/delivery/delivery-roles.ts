import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, OidcProviderNative, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeliverySettings } from '../../config/schema/delivery/delivery';

/** GitHub's issuer of tokens, without https:// (GitHub Docs, "Configuring OpenID Connect in Amazon Web Services"). */
const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/** The qualifier of `cdk bootstrap` without options (sources of aws-cdk, bootstrap-template.yaml). */
const QUALIFIER = 'hnb659fds';
/** Roles of `cdk bootstrap` that a deployment without container images needs. CloudFormation itself has the execution role. */
const DEPLOYS = ['deploy', 'file-publishing', 'lookup'];
/** The one that reads: AWS's ReadOnlyAccess without kms:Decrypt. */
const READS = ['lookup'];

/** What the roles are made for. */
export interface DeliveryRolesProps {
  readonly settings: DeliverySettings;
  /** Name of the environment, here and at GitHub. */
  readonly environment: string;
  /** Regions that it deploys to. */
  readonly regions: readonly string[];
}

/**
 * The two roles that GitHub Actions assumes with its own tokens: one deploys the environment after the approval that GitHub's environment of the
 * same name asks for, one reads the account each week. Neither may do anything but assume roles of `cdk bootstrap`, also when somebody
 * attaches more to it: the policy is its permissions boundary as well.
 */
export class DeliveryRoles extends Construct {
  constructor(scope: Construct, id: string, { settings, environment, regions }: DeliveryRolesProps) {
    super(scope, id);
    const { repository, branch, createProvider } = settings;
    const { partition } = Stack.of(this);
    const provider = createProvider
      ? new OidcProviderNative(this, 'Provider', { url: `https://${ISSUER}`, clientIds: [AUDIENCE] }).oidcProviderArn
      : `arn:${partition}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${ISSUER}`;
    const role = (
      action: 'deploy' | 'read',
      subject: string,
      assumes: readonly string[],
      description: string,
    ): void => {
      const name = action === 'deploy' ? 'DeployRole' : 'ReadRole';
      const policy = new ManagedPolicy(this, `${name}Policy`, {
        description,
        statements: [
          new PolicyStatement({
            actions: ['sts:AssumeRole'],
            resources: regions.flatMap((region) =>
              assumes.map(
                (each) =>
                  `arn:${partition}:iam::${Aws.ACCOUNT_ID}:role/cdk-${QUALIFIER}-${each}-role-${Aws.ACCOUNT_ID}-${region}`,
              ),
            ),
          }),
        ],
      });
      // Named, so that the workflows know it without an output.
      new Role(this, name, {
        roleName: `${environment}-github-${action}`,
        description,
        assumedBy: new WebIdentityPrincipal(provider, {
          StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: `repo:${repository}:${subject}` },
        }),
        managedPolicies: [policy],
        permissionsBoundary: policy,
        maxSessionDuration: Duration.hours(2),
      });
    };
    role('deploy', `environment:${environment}`, DEPLOYS, `GitHub Actions deploys ${environment}`);
    role('read', `ref:refs/heads/${branch}`, READS, `GitHub Actions looks for drift of ${environment}`);
  }
}
