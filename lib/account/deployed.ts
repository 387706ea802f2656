import {
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { AssemblyStack, Template } from '../assembly/environment-assembly';
import { askAll, askFor } from './ask';
import type { Services } from './aws';

/** CloudFormation in a region. */
type CloudFormation = (region: string) => Pick<Services, 'cloudFormation'>;
/** What is asked about. */
type AskedStack = Pick<AssemblyStack, 'name' | 'region'>;

/** A stack of the environment that exists in the account. */
export interface DeployedStack {
  readonly name: string;
  readonly region: string;
  readonly status: StackStatus;
  readonly protected: boolean;
  readonly resources: readonly DeployedResource[];
}

/** A resource that a stack owns. */
interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Its name or ARN in AWS. */
  readonly physicalId: string;
}

/** Resources in these states are not, or no longer, the stack's; `DELETE_SKIPPED` is a retained one. */
const NOT_OWNED = /^(DELETE_COMPLETE|DELETE_SKIPPED|IMPORT_ROLLBACK_COMPLETE)$/;

/** The stacks of the environment that exist, with what they own. One after the other: CloudFormation allows few calls a second. */
export async function askDeployed(aws: CloudFormation, stacks: readonly AskedStack[]): Promise<DeployedStack[]> {
  const deployed: DeployedStack[] = [];
  for (const { name, region } of stacks) {
    const { cloudFormation: client } = aws(region);
    const found = await askFor('cloudformation:DescribeStacks', /does not exist/, () =>
      client.send(new DescribeStacksCommand({ StackName: name })),
    );
    const [stack] = found?.Stacks ?? [];
    if (!stack?.StackStatus) continue;
    const pages = paginateListStackResources({ client }, { StackName: name });
    const resources = await askAll('cloudformation:ListStackResources', pages, (page) => page.StackResourceSummaries);
    deployed.push({
      name,
      region,
      status: stack.StackStatus,
      protected: stack.EnableTerminationProtection ?? false,
      resources: resources.flatMap(ownedResource),
    });
  }
  return deployed;
}

function ownedResource(resource: StackResourceSummary): DeployedResource[] {
  const { LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus } = resource;
  if (!LogicalResourceId || !PhysicalResourceId || !ResourceType || NOT_OWNED.test(ResourceStatus ?? '')) return [];
  return [{ logicalId: LogicalResourceId, physicalId: PhysicalResourceId, type: ResourceType }];
}

/**
 * The templates that are deployed, of those stacks that exist, by the names of the stacks. One after the other, as above.
 * @throws NotAnswered with the reason
 */
export async function askTemplates(
  aws: CloudFormation,
  stacks: readonly AskedStack[],
): Promise<Record<string, Template>> {
  const found: Record<string, Template> = {};
  for (const { name, region } of stacks) {
    const { cloudFormation } = aws(region);
    const answer = await askFor('cloudformation:GetTemplate', /does not exist/, () =>
      cloudFormation.send(new GetTemplateCommand({ StackName: name })),
    );
    if (answer?.TemplateBody !== undefined) found[name] = JSON.parse(answer.TemplateBody) as Template;
  }
  return found;
}
