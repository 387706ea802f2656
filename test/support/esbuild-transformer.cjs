// Jest's tests are TypeScript and a few packages are ES modules only: esbuild turns both into CommonJS in milliseconds.
// Types are checked by `npm run types`, not here.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const esbuild = require('esbuild');

const options = { format: 'cjs', target: 'node20', sourcemap: 'inline' };
const version = createHash('sha256').update(readFileSync(__filename)).update(esbuild.version).digest('hex');

module.exports = {
  // Without the version a change of this file would leave stale results in Jest's cache.
  getCacheKey: (source, file) =>
    createHash('sha256').update(version).update(file).update('\0').update(source).digest('hex'),
  process: (source, file) => ({
    code: esbuild.transformSync(source, { ...options, loader: file.endsWith('.ts') ? 'ts' : 'js', sourcefile: file })
      .code,
  }),
};
