import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AwsCommand, awsCommandFault, awsCommandsOf } from '../support/aws/aws-commands';
import { projectFiles, ROOT } from './files';

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Calls in the texts and comments of code: up to the end of the text, or to a value that is filled in. */
function commandsOfCode(file: string): AwsCommand[] {
  return [...textOf(file).matchAll(/\baws [a-z0-9]+ [a-z-]+(?: --[a-z-]+(?: [^\s;,'"`]+)?)*/g)].map(([text]) => ({
    page: file,
    text,
  }));
}

const files = projectFiles();
const commands = [
  ...files.filter((file) => file.endsWith('.md')).flatMap((file) => awsCommandsOf(file, textOf(file))),
  ...files.filter((file) => /^(lib|lambda)\/.*\.ts$/.test(file)).flatMap(commandsOfCode),
];

test('every call of the AWS CLI in a page, a comment or a message names a command and options that exist', () => {
  expect(commands.filter(({ page }) => page.startsWith('lib/runbooks/')).length).toBeGreaterThan(100);
  expect(commands.filter(({ page }) => page.startsWith('lib/stacks/')).length).toBeGreaterThan(4);
  expect(commands.filter(({ page }) => page.startsWith('lib/preflight/')).length).toBeGreaterThan(20);
  expect(commands.flatMap((command) => awsCommandFault(command) ?? [])).toEqual([]);
});

test.each([
  ['aws rds reboot-instance', 'rds has no command reboot-instance'],
  ['aws rds wait db-instance-ready', 'rds has no waiter db-instance-ready'],
  ['aws rds reboot-db-instance --failover', 'reboot-db-instance has no option --failover'],
  ['aws sns subscribe --endpoint x', 'subscribe has no option --endpoint'],
  ['aws ec2 terminate-instances', 'aws ec2 terminate-instances is not among the known commands'],
])('a fault is found in "%s"', (command, sentence) => {
  const markdown = `- do this:\n\n  \`\`\`sh\n  ${command} \\\n    --output table\n  \`\`\`\n`;
  expect(awsCommandsOf('Page', markdown).map(awsCommandFault)).toEqual([expect.stringContaining(sentence)]);
});
