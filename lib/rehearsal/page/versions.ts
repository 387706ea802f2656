import { execFileSync } from 'node:child_process';
import { version as cdk } from 'aws-cdk-lib/package.json';

/** Versions of what this run used; the commit only where this folder is a clone. */
export function readVersions(): Record<string, string> {
  return { 'Node.js': process.versions.node, 'AWS CDK library': cdk, ...readCommit() };
}

function readCommit(): { commit?: string } {
  try {
    const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: __dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { commit: commit.trim() };
  } catch {
    return {};
  }
}
