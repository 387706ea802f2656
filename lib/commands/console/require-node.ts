/** The first import of the program: later ones may not load in an old Node.js, and this one says so. */

const LEAST_MAJOR = 20;

/**
 * Checks the version of Node.js, with a sentence in place of the syntax error of a package.
 * @param version as in process.version
 * @throws Error below Node.js 20
 */
export function requireNode(version: string): void {
  const major = Number(/^v(\d+)\./.exec(version)?.[1]);
  if (!(major >= LEAST_MAJOR))
    throw new Error(
      `this is Node.js ${version}; allowed: ${LEAST_MAJOR} or later; install one from your system or nvm`,
    );
}

try {
  requireNode(process.version);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
