import { createApp } from '../lib/app';
import { checkQueries } from '../lib/monitoring/query-safety';
import { loadQueries } from '../lib/monitoring/queries';
import { rulePacks } from '../lib/review/rule-packs';

checkQueries(loadQueries())
  .then(() => createApp({ review: rulePacks() }).synth())
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
