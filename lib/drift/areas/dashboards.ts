import { GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { askFor } from '../../account/ask';
import type { DeployedEnvironment } from '../deployed-environment';
import { area, type Found, GONE, REDEPLOY } from '../finding';
import { matches } from '../matches';

interface Body {
  readonly widgets?: readonly { readonly properties?: { readonly title?: string } }[];
}

/** Bodies of the dashboards by their names; undefined where there is none (GetDashboard: ResourceNotFound). */
type Bodies = ReadonlyMap<string, string | undefined>;

/** Every dashboard of the environment. */
export const dashboards = area(
  'dashboards',
  async (aws, region, deployed): Promise<Bodies> => {
    const bodies = new Map<string, string | undefined>();
    for (const { name } of deployed.resources('AWS::CloudWatch::Dashboard', region)) {
      const answer = await askFor('cloudwatch:GetDashboard', /ResourceNotFound|DashboardNotFound/, () =>
        aws(region).cloudWatch.send(new GetDashboardCommand({ DashboardName: name })),
      );
      bodies.set(name, answer?.DashboardBody);
    }
    return bodies;
  },
  decideDashboards,
);

function decideDashboards(bodies: Bodies, deployed: DeployedEnvironment, region: string): Found[] {
  return deployed.resources('AWS::CloudWatch::Dashboard', region).flatMap(({ name: resource, properties }): Found[] => {
    const body = bodies.get(resource);
    if (body === undefined) {
      const expected = 'the dashboard of the template';
      return [{ kind: 'dashboard missing', resource, found: 'no dashboard', expected, action: GONE }];
    }
    const [expected, actual] = [properties['DashboardBody'], body].map((text) => JSON.parse(String(text)) as Body);
    if (matches(expected, actual)) return [];
    const [is, wanted] = [actual, expected].map((each) => each?.widgets?.length ?? 0);
    const different = (expected?.widgets ?? []).filter(
      (widget) => !actual?.widgets?.some((other) => matches(widget, other)),
    );
    const titles = different.map(({ properties: { title } = {} }) => title ?? 'one without a title').join(', ');
    const found = `${is} widgets${titles === '' ? '' : `; changed or missing: ${titles}`}`;
    return [{ kind: 'dashboard changed', resource, found, expected: `${wanted} widgets`, action: REDEPLOY }];
  });
}
