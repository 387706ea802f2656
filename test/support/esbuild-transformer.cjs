// Tests are TypeScript, and a few packages are only ES modules: esbuild transforms both to CommonJS. `npm run types` checks the types.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const esbuild = require('esbuild');

const options = { format: 'cjs', target: 'node20', sourcemap: 'inline' };
const version = createHash('sha256').update(readFileSync(__filename)).update(esbuild.version).digest('hex');

module.exports = {
  // The version is part of the key, so that a change of this file invalidates Jest's cache.
  getCacheKey: (source, file) =>
    createHash('sha256').update(version).update(file).update('\0').update(source).digest('hex'),
  process: (source, file) => ({
    code: esbuild.transformSync(source, { ...options, loader: file.endsWith('.ts') ? 'ts' : 'js', sourcefile: file })
      .code,
  }),
};
