import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../support/cli';

const PAGE = '/report/a page.html';

/** Opens a page in a process of its own, which then goes on. */
function openPage(path: string) {
  const script = join(ROOT, 'lib/commands/console/open-in-browser.ts');
  return spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '-e',
      `require(${JSON.stringify(script)}).openInBrowser(${JSON.stringify(PAGE)}); console.log('on')`,
    ],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, PATH: path } },
  );
}

test('the program that opens files on this platform gets the page, and the command does not wait for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-'));
  try {
    const opener = join(folder, process.platform === 'darwin' ? 'open' : 'xdg-open');
    const opened = join(folder, 'opened');
    writeFileSync(
      opener,
      `#!/bin/sh\nsleep 0.2\nprintf %s "$*" >'${opened}.draft'\nmv '${opened}.draft' '${opened}'\n`,
      {
        mode: 0o755,
      },
    );
    const { status, stdout, stderr } = openPage(`${folder}:${process.env.PATH}`);
    expect([status, stdout.trim(), stderr]).toEqual([0, 'on', '']);
    for (let tries = 0; tries < 100 && !existsSync(opened); tries++) await sleep(50);
    expect(readFileSync(opened, 'utf8')).toBe(PAGE);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('where no program can open a page, a sentence says where it is, and the command goes on', () => {
  const { status, stdout, stderr } = openPage('/nowhere');
  expect([status, stdout.trim()]).toEqual([0, 'on']);
  expect(stderr).toMatch(/cannot open the page here; open \/report\/a page\.html in a browser\n$/);
});
