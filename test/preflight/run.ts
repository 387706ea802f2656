import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { connect } from '../../lib/account/aws';
import type { Line } from '../../lib/preflight/check';
import { type Preflight, preflight } from '../../lib/preflight/preflight';
import type { Wanted } from '../../lib/preflight/wanted';
import { synthesizeProductionWith } from '../support/synth';
import { COMPLETE } from './account';

const wanted = new Map<string, Wanted>();

/** What production wants, with some of its configuration changed. */
export function wantedOf(change: Partial<EnvironmentInput>): Wanted {
  const key = JSON.stringify(change);
  const found = wanted.get(key) ?? readTemplates(change);
  wanted.set(key, found);
  return found;
}

function readTemplates(change: Partial<EnvironmentInput>): Wanted {
  const config = parseEnvironment('production', { ...production, ...change });
  const templates = Object.entries(synthesizeProductionWith(change)).map(([id, template]) => ({
    name: `production-${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    region: /^recovery/.test(id) ? (config.backups.recoveryRegion ?? '') : config.region,
    template: template.toJSON() as {
      Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
    },
  }));
  return {
    config,
    stacks: templates.map(({ name, region }) => ({
      name,
      region,
      bootstrap: { version: 6, parameter: '/cdk-bootstrap/hnb659fds/version' },
    })),
    resources: templates.flatMap(({ name, template }) =>
      Object.entries(template.Resources).map(([logicalId, { Type: type, Properties: properties = {} }]) => ({
        stack: name,
        logicalId,
        type,
        properties,
      })),
    ),
  };
}

/** Runs preflight on the mocked account. */
export function run(change: Partial<EnvironmentInput> = COMPLETE): Promise<Preflight> {
  const config = parseEnvironment('production', { ...production, ...change });
  return preflight({ config, aws: connect(), synthesize: () => wantedOf(change) });
}

/** The line of a check. */
export async function lineOf(name: string, change: Partial<EnvironmentInput> = COMPLETE): Promise<Line> {
  const { checks } = await run(change);
  const line = checks.find((each) => each.name === name);
  if (!line) throw new Error(`no check ${name} among: ${checks.map((each) => each.name).join(', ')}`);
  return line;
}
