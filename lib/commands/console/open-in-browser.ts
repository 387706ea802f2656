import { spawn } from 'node:child_process';

/** The program that opens a file as a double click does; elsewhere `xdg-open`. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a file in the user's browser and does not wait for it; says so on stderr where there is no program that can. */
export function openInBrowser(file: string): void {
  const [command, ...options] = OPENERS[process.platform] ?? ['xdg-open'];
  spawn(command, [...options, file], { detached: true, stdio: 'ignore' })
    .on('error', () => process.stderr.write(`${command} cannot open the page here; open ${file} in a browser\n`))
    .unref();
}
