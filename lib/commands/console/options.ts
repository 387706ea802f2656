import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENVIRONMENT_NAMES } from '../../config';

/** `--environment <name>`. */
export function environmentOption(description: string): Option {
  return new Option('--environment <name>', description).choices(ENVIRONMENT_NAMES);
}

/** `--report <folder>`. */
export function reportOption(description: string): Option {
  return new Option('--report <folder>', description);
}

/** `--json`, the same for every command. */
export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON, and nothing else on stdout');
}

/**
 * A parser for the value of an option.
 * @throws InvalidArgumentError unless the value is a number from `min` to `max`
 */
export function numberFrom(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Allowed: a number from ${min} to ${max}.`);
  };
}

/**
 * A parser for the value of an option.
 * @throws InvalidArgumentError unless the value is a whole number of at least `min`
 */
export function wholeNumberFrom(min: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= min) return number;
    throw new InvalidArgumentError(`Allowed: a whole number from ${min}.`);
  };
}

/** The end of a command's `--help`. */
export interface HelpNotes {
  /** A command line that does something useful. */
  readonly example: string;
  /** When the exit code is 0. */
  readonly succeeds: string;
  /** When the exit code is 1, apart from wrong usage. */
  readonly fails: string;
}

/** Adds an example and the exit codes to the help of a command. */
export function addHelpNotes(command: Command, { example, succeeds, fails }: HelpNotes): Command {
  const title = (text: string) => command.createHelp().styleTitle(text);
  return command.addHelpText('after', () =>
    [
      '',
      title('Example:'),
      `  ${example}`,
      '',
      title('Exit codes:'),
      `  0  ${succeeds}`,
      `  1  ${fails}; also wrong usage or an error`,
    ].join('\n'),
  );
}
