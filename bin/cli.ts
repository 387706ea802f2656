import '../lib/commands/console/require-node';
import { createProgram } from '../lib/commands/program';
import { fail } from '../lib/commands/console/output';

// Set before a command loads a handler: its logger reads the level once. POWERTOOLS_LOG_LEVEL=INFO shows what Lambda would log.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
// The SDK would print seven lines about Node.js 20, which this project supports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// An error that nobody waits for ends the command with its sentence too, and nothing that still runs after an error keeps it alive.
for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, endWith);
createProgram().parseAsync().catch(endWith);

function endWith(error: unknown): never {
  fail(error, { stack: Boolean(process.env.DEBUG) });
  process.exit();
}
