// Jest's environment for Node, with a synthesizer outside of the test files' sandboxes. Jest loads every module again for each test file,
// and the CDK takes seconds to load and to become fast; out here a worker loads it once.
const { deserialize } = require('node:v8');
const { TestEnvironment } = require('jest-environment-node');
const tsx = require('tsx/cjs/api');

let synthesizer;

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    // Serialized both ways: an object from out here is not an instance of the sandbox's Object.
    this.global.synthesizeOutside = (name, options) => {
      synthesizer ??= tsx.require('../synthesizer.ts', __filename);
      // Jest's translates every frame of every stack, and the CDK takes a stack for each acknowledgement.
      const { prepareStackTrace } = Error;
      Error.prepareStackTrace = undefined;
      try {
        return JSON.stringify(synthesizer[name](...deserialize(options)));
      } finally {
        Error.prepareStackTrace = prepareStackTrace;
      }
    };
  }
};
