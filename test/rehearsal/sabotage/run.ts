// npm run test:sabotage [-- <words> …]: rehearses the product with one change for the worse after another, or with those whose description or
// file has one of the words. Each rehearsal must fail and name what was changed. All take about 40 minutes on two processors.
import { CHANGES } from './changes';
import { rehearseChanged } from './rehearse-changed';

/** Two at a time: one rehearsal does not use both processors all the time. */
const AT_A_TIME = 2;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function run(words: readonly string[]): Promise<void> {
  const isWanted = (text: string) => words.length === 0 || words.some((word) => text.includes(word));
  const waiting = CHANGES.filter(({ what, file }) => isWanted(`${what} ${file}`));
  const all = waiting.length;
  let seen = 0;
  const work = async () => {
    for (let change = waiting.shift(); change; change = waiting.shift()) {
      const verdict = await rehearseChanged(change);
      if (verdict.seen) seen++;
      const said =
        verdict.failures.find((failure) => change.says.test(failure)) ?? verdict.failures.slice(0, 3).join(' | ');
      const mark = verdict.seen ? 'seen    ' : 'NOT SEEN';
      print(`${mark} ${verdict.seconds.toFixed(0).padStart(4)} s  ${change.what}: ${said || 'nothing'}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  print(`${seen} of ${all} changes seen`);
  process.exitCode = seen === all && all > 0 ? 0 : 1;
}

void run(process.argv.slice(2));
