import { createProgram } from '../lib/commands/program';
import { fail } from '../lib/commands/output';

// Set before a command loads a handler: its logger reads the level once. POWERTOOLS_LOG_LEVEL=INFO shows what Lambda would log.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';

createProgram()
  .parseAsync()
  .catch((error: unknown) => fail(error, { stack: Boolean(process.env.DEBUG) }));
