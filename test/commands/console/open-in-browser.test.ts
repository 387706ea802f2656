import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../support/cli';

test('where no program can open a page, a sentence says where it is, and the command goes on', () => {
  const script = join(ROOT, 'lib/commands/console/open-in-browser.ts');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '-e',
      `require(${JSON.stringify(script)}).openInBrowser('/report/page.html'); console.log('on')`,
    ],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, PATH: '/nowhere' } },
  );
  expect([status, stdout.trim()]).toEqual([0, 'on']);
  expect(stderr).toMatch(/cannot open the page here; open \/report\/page\.html in a browser\n$/);
});
