import type { Command } from 'commander';
import { type EnvironmentName, loadEnvironment } from '../../config';
import { addHelpNotes, environmentOption, jsonOption } from '../console/options';
import { action, type Outcome, startProgress } from '../console/output';

interface DriftOptions {
  readonly environment: EnvironmentName;
}

/** `npm run drift` */
export function configure(command: Command): void {
  command
    .description(
      'Compares the AWS account, with your credentials, with the deployed templates: alarms, dashboards, servers, parameter groups, security group rules, backup plans, vaults and subscriptions that somebody changed by hand, and alarms without data. It only reads.',
    )
    .addOption(environmentOption('the environment to compare').default('production'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run drift -- --environment staging --json',
    succeeds: 'nothing differs; something may not be compared for want of a permission, and is listed',
    fails: 'something differs, or AWS cannot be asked',
  });
}

async function run({ environment }: DriftOptions): Promise<Outcome> {
  const onProgress = startProgress();
  const { connect } = await import('../../account/aws');
  const { drift, driftText, isAsDeployed } = await import('../../drift/drift');
  const { synthesized } = await import('../../safe-change/states');
  const config = loadEnvironment(environment);
  onProgress(`synthesizing ${environment}, for the names of its stacks`);
  const { stacks } = synthesized(environment, { bundle: false });
  const found = await drift({ config, aws: connect(), stacks, onProgress });
  return { text: driftText(found), json: found, ok: isAsDeployed(found) };
}
