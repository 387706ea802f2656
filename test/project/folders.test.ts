import { filesPerFolder, projectFiles } from './files';

const MOST_FILES = 14;
/** One file per alert. */
const PAGES = /^lib\/runbooks\/\w+\.md$/;

test(`no folder has more than ${MOST_FILES} files of its own, runbook pages not counted`, () => {
  const counts = filesPerFolder(projectFiles().filter((file) => !PAGES.test(file)));
  expect(counts.size).toBeGreaterThan(50);
  expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
});
