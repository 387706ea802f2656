import { type Command, Option } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from '../../config';
import type { SafeChange } from '../../safe-change/safe-change';
import { addHelpNotes, environmentOption, jsonOption } from '../console/options';
import { action, type Outcome, startProgress } from '../console/output';

interface DiffOptions {
  readonly environment?: EnvironmentName;
  readonly against: string;
  readonly markdown?: boolean;
  readonly neverDeployed?: boolean;
}

/** `npm run diff` */
export function configure(command: Command): void {
  command
    .description(
      'Synthesizes an environment and shows what a deployment would replace, update, delete or create, what that would lose, and the safe way. Without --against, the stateful resources are compared with their record, which needs no account.',
    )
    .addOption(environmentOption('the environment to compare (default: all)'))
    .option(
      '--against <state>',
      'with what: "record", "deployed" (asks the account, with your credentials), or a folder that "npx cdk synth" wrote',
      'record',
    )
    .option('--markdown', 'print the result as Markdown, for a pull request')
    .addOption(
      new Option(
        '--never-deployed',
        'write the record of the environment as it is synthesized, whatever it had; only before the first deployment',
      ).implies({ against: 'record' }),
    )
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run diff -- --environment production --against cdk.out',
    succeeds: 'nothing is refused',
    fails: 'a change would lose data and nothing in allowedChanges lets it through, or AWS cannot be asked',
  });
}

async function run({ environment, against, markdown, neverDeployed = false }: DiffOptions): Promise<Outcome> {
  const { isSafe } = await import('../../safe-change/safe-change');
  const { safeChangeText } = await import('../../safe-change/text');
  if (neverDeployed) return writeRecord(environment);
  const onProgress = startProgress();
  const found: SafeChange[] = [];
  for (const name of environment ? [environment] : ENVIRONMENT_NAMES) {
    onProgress(`synthesizing ${name}`);
    found.push(await compareWith(against, name));
  }
  const { safeChangeMarkdown } = await import('../../safe-change/markdown');
  const text = markdown ? found.map(safeChangeMarkdown).join('\n\n') : found.map(safeChangeText).join('\n');
  return { text, json: found, ok: found.every(isSafe) };
}

async function writeRecord(environment: EnvironmentName | undefined): Promise<Outcome> {
  if (!environment) {
    throw new Error(
      `--never-deployed needs --environment; allowed: one of ${ENVIRONMENT_NAMES.join(', ')} that was never deployed`,
    );
  }
  const { synthesized } = await import('../../safe-change/states');
  const { recordText, recordFile } = await import('../../safe-change/record');
  const { writeFiles } = await import('../generated/generated-files');
  const file = recordFile(environment);
  writeFiles(
    new Map([
      [file, recordText(synthesized(environment, { bundle: false }).templates, loadEnvironment(environment).accountId)],
    ]),
  );
  return { text: `${file} is written`, json: { written: [file] }, ok: true };
}

async function compareWith(against: string, name: EnvironmentName): Promise<SafeChange> {
  const { safeChange, againstRecord } = await import('../../safe-change/safe-change');
  const states = await import('../../safe-change/states');
  const config = loadEnvironment(name);
  if (against === 'record') return againstRecord(config, states.synthesized(name, { bundle: false }).templates);
  if (against !== 'deployed') {
    const before = states.fromFolder(against, name).templates;
    return safeChange(config, { against, before, after: states.synthesized(name, { bundle: true }).templates });
  }
  const { connect } = await import('../../account/aws');
  const { askTemplates } = await import('../../account/deployed');
  const { stacks, templates } = states.synthesized(name, { bundle: true });
  const before = await askTemplates(connect(), stacks);
  return safeChange(config, { against: 'what is deployed', before, after: states.asDeployed(templates) });
}
