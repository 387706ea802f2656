import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { askFor } from '../../account/ask';
import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, refused } from '../check';
import { regionsOf, type Wanted } from '../wanted';

/** Name that `cdk bootstrap` gives its stack by default; with `--toolkit-stack-name` it has another. */
const STACK = 'CDKToolkit';

/** What `cdk bootstrap` left in a region. */
interface Bootstrap {
  /** The parameter that the stacks read before they are deployed. */
  readonly version: string | undefined;
  readonly stack: Stack | undefined;
}

/** Whether every region is bootstrapped, with at least the version that its stacks require. */
export function bootstrapChecks(wanted: Wanted): Check[] {
  return regionsOf(wanted).flatMap((region) => {
    const required = wanted.stacks.flatMap((stack) =>
      stack.region === region && stack.bootstrap ? [stack.bootstrap] : [],
    );
    const [first] = required;
    if (!first) return [];
    const version = Math.max(...required.map((each) => each.version));
    return [
      check(
        `bootstrap in ${region}`,
        (aws) => askBootstrap(aws, region, first.parameter),
        (answer) => decideBootstrap(answer, version, region),
      ),
    ];
  });
}

async function askBootstrap(aws: Aws, region: string, parameter: string): Promise<Bootstrap> {
  const { ssm, cloudFormation } = aws(region);
  const found = await askFor('ssm:GetParameter', /^ParameterNotFound/, () =>
    ssm.send(new GetParameterCommand({ Name: parameter })),
  );
  const stacks = await askFor('cloudformation:DescribeStacks', /does not exist/, () =>
    cloudFormation.send(new DescribeStacksCommand({ StackName: STACK })),
  );
  return { version: found?.Parameter?.Value, stack: stacks?.Stacks?.[0] };
}

function decideBootstrap({ version, stack }: Bootstrap, required: number, region: string): Finding {
  const allowed = `version ${required} or later`;
  const again = `npx cdk bootstrap aws://<account>/${region}`;
  const status = stack?.StackStatus;
  if (status !== undefined && !/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(status)) {
    return refused(
      `the stack ${STACK} is in ${status}`,
      allowed,
      `${again}; delete the stack first if it cannot go on`,
    );
  }
  if (version === undefined) return refused('not bootstrapped', allowed, again);
  return Number(version) >= required ? ok(`version ${version}`) : refused(`version ${version}`, allowed, again);
}
