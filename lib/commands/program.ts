import { Command } from 'commander';
import { colorsOf } from './console/output';

/** The file of a command: adds its description, options, help and action to `command`. It loads what it runs only when it runs. */
interface CommandFile {
  readonly configure: (command: Command) => void;
}

interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<CommandFile>;
}

/** Every command by its name; `npm run <name>` starts it. */
const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  rehearse: {
    summary: 'rehearse an environment on this machine, on real PostgreSQL',
    load: () => import('./rehearse'),
  },
  'rehearse:upgrade': {
    summary: 'rehearse the upgrade to the next major version of PostgreSQL',
    load: () => import('./rehearse-upgrade'),
  },
  backtest: { summary: 'let a month pass over the alarms', load: () => import('./backtest') },
  review: { summary: 'check every environment with cdk-nag and CloudFormation', load: () => import('./review') },
  cost: { summary: 'price every resource of an environment', load: () => import('./cost') },
  capacity: { summary: 'say what an environment carries, and what comes next', load: () => import('./capacity') },
  diff: {
    summary: 'show what a deployment would change, and refuse what would lose data',
    load: () => import('./account/diff'),
  },
  preflight: { summary: 'ask the account whether a deployment can succeed', load: () => import('./account/preflight') },
  drift: { summary: 'find what somebody changed in the account by hand', load: () => import('./account/drift') },
  readiness: { summary: 'score how ready any PostgreSQL is for production', load: () => import('./readiness') },
  import: { summary: 'move a database into this one, with a way back', load: () => import('./import') },
  'lint:migrations': { summary: 'refuse unsafe migrations', load: () => import('./lint-migrations') },
  update: { summary: 'write all generated files and snapshots', load: () => import('./generated/update') },
  runbooks: { summary: 'write the generated part of the runbook pages', load: () => import('./generated/runbooks') },
  ledger: { summary: 'show what each alert becomes in CloudWatch', load: () => import('./generated/ledger') },
  bench: { summary: 'measure every query before and after the migrations', load: () => import('./bench') },
  'bench:synth': { summary: 'measure what a synthesis costs', load: () => import('./bench-synth') },
};

/** The program of all commands. Only the file of the command that is asked for is loaded. */
export function createProgram(): Command {
  const program = new Command('cli')
    .description('Commands of this project. npm run <command> -- --help explains one.')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .configureHelp({
      commandUsage: (command) =>
        command.parent ? `npm run ${command.name()} -- [options]` : 'node --import tsx bin/cli.ts <command> [options]',
      styleTitle: (title) => colorsOf(process.stdout).bold(title),
    })
    .configureOutput({ outputError: (text, write) => write(`${colorsOf(process.stderr).red(sentence(text))}\n`) })
    .hook('preSubcommand', async (_, command) => {
      (await COMMANDS[command.name()]?.load())?.configure(command);
    });
  for (const [name, { summary }] of Object.entries(COMMANDS)) program.command(name).summary(summary);
  return program;
}

/** An error message of commander, which begins with `error: ` and has a suggestion on a second line. */
function sentence(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
}
