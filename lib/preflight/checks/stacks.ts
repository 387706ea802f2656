import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, refused } from '../check';
import type { DeployedStack } from '../../account/deployed';

/** States from which the next deployment does not go on (CloudFormation User Guide, "Stack status codes"). */
const STUCK = /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED|UPDATE_ROLLBACK_FAILED|IMPORT_ROLLBACK_FAILED)$/;

/** Whether each stack of the environment is new or in a state from which a deployment goes on. */
export function stackChecks(deployed: (aws: Aws) => Promise<readonly DeployedStack[]>): Check[] {
  return [check('stacks', deployed, decideStacks)];
}

function decideStacks(stacks: readonly DeployedStack[]): Finding {
  const stuck = stacks.filter(({ status }) => STUCK.test(status));
  if (stuck.length > 0) {
    const found = stuck.map((stack) => `${stack.name} is in ${stack.status}${stack.protected ? ', protected' : ''}`);
    return refused(found.join('; '), 'no stack, or one that was deployed', stuck.map(wayOut).join('; '));
  }
  const running = stacks.filter(({ status }) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS');
  if (running.length > 0) {
    const found = running.map(({ name, status }) => `${name} is in ${status}`).join('; ');
    return refused(found, 'no stack that CloudFormation is changing', 'wait until CloudFormation has ended');
  }
  return ok(stacks.length === 0 ? 'none yet' : stacks.map(({ name, status }) => `${name}: ${status}`).join(', '));
}

function wayOut({ name, region, status, protected: isProtected }: DeployedStack): string {
  const names = `--stack-name ${name} --region ${region}`;
  if (status === 'UPDATE_ROLLBACK_FAILED') return `aws cloudformation continue-update-rollback ${names}`;
  const unprotect = `aws cloudformation update-termination-protection --no-enable-termination-protection ${names}, then `;
  return `${isProtected ? unprotect : ''}aws cloudformation delete-stack ${names}`;
}
