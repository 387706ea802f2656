import { createApp } from '../lib/app';
import { checkQueries } from '../lib/monitoring/query-safety';
import { loadQueries } from '../lib/monitoring/queries';
import { rulePacks } from '../lib/review/rule-packs';
import { refuseUnsafeChanges } from '../lib/safe-change/refuse';

checkQueries(loadQueries())
  .then(() => createApp({ review: rulePacks() }).synth())
  // The CDK CLI deploys nothing after an error here.
  .then(({ directory }) => refuseUnsafeChanges(directory))
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
