import { bundleFunctions } from '../../lib/constructs/function-code';

const { metafile, outputFiles } = bundleFunctions();

test('every function is one file of at most 650 KB, the authorities’ certificates of all regions included', () => {
  expect(outputFiles.map(({ path }) => path.split('/').slice(-2).join('/')).sort()).toEqual([
    'collector/index.mjs',
    'migrate/index.mjs',
  ]);
  for (const { contents } of outputFiles) expect(contents.byteLength).toBeLessThanOrEqual(650 * 1024);
});

test('no function carries the CDK or the rehearsal', () => {
  const strangers = Object.keys(metafile.inputs).filter((file) =>
    /node_modules\/(aws-cdk-lib|constructs)\/|^lib\/rehearsal/.test(file),
  );
  expect(strangers).toEqual([]);
});
