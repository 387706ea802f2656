import type { Command } from 'commander';
import { type EnvironmentName, loadEnvironment } from '../../config';
import { addHelpNotes, environmentOption, jsonOption } from '../console/options';
import { action, type Outcome, startProgress } from '../console/output';

interface PreflightOptions {
  readonly environment: EnvironmentName;
}

/** `npm run preflight` */
export function configure(command: Command): void {
  command
    .description(
      'Asks the AWS account, with your credentials, what no synthesis can know: whether a deployment of the environment can succeed. It only reads, and takes seconds.',
    )
    .addOption(environmentOption('the environment to deploy').default('production'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run preflight -- --environment staging',
    succeeds: 'nothing is refused; there may be warnings, and lines that a person has to check',
    fails: 'something is refused, or AWS cannot be asked',
  });
}

async function run({ environment }: PreflightOptions): Promise<Outcome> {
  const onProgress = startProgress();
  const { connect } = await import('../../account/aws');
  const { isReady, preflight, preflightText } = await import('../../preflight/preflight');
  const { synthesizeWanted } = await import('../../preflight/wanted');
  const config = loadEnvironment(environment);
  const synthesize = () => synthesizeWanted(environment);
  const found = await preflight({ config, aws: connect(), synthesize, onProgress });
  return { text: preflightText(found), json: found, ok: isReady(found) };
}
