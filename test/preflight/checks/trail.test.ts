import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { trailChecks } from '../../../lib/preflight/checks/trail';
import { ACCOUNT, cloudTrail, COMPLETE, goodAccount } from '../account';
import { lineOf, wantedOf } from '../run';

beforeAll(() => void wantedOf(COMPLETE), 120_000);
beforeEach(goodAccount);

const trail = (change: Partial<Trail> = {}): Trail => ({
  Name: 'management',
  TrailARN: `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/management`,
  IsMultiRegionTrail: true,
  HomeRegion: 'us-east-1',
  ...change,
});
const management = (readOnly?: string) => ({
  Name: 'all',
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Management'] },
    ...(readOnly === undefined ? [] : [{ Field: 'readOnly', Equals: [readOnly] }]),
  ],
});

function trails(trailList: Trail[], selectors: GetEventSelectorsResponse = {}, IsLogging = true): void {
  cloudTrail.on(DescribeTrailsCommand).resolves({ trailList });
  cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging });
  cloudTrail.on(GetEventSelectorsCommand).resolves(selectors);
}

test('without one, the rules that get no event are named', async () => {
  trails([]);
  expect(await lineOf('trail in us-east-1')).toMatchObject({
    status: 'refused',
    found:
      'no trail records this region, so that these rules get no event: production-PostgreSQLMasterSecretRead, production-PostgreSQLSecretRotationFailed',
  });
});

test.each([
  ['all management events', { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' as const }] }],
  ['an advanced selector', { AdvancedEventSelectors: [management()] }],
  ['no selectors', {}],
])('%s are fine', async (_, selectors) => {
  trails([trail()], selectors);
  expect(await lineOf('trail in us-east-1')).toMatchObject({ status: 'ok' });
});

test.each([
  ['a selector', { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' as const }] }],
  ['an advanced selector', { AdvancedEventSelectors: [management('false')] }],
])('%s of writing events leaves out the rules that wait for reading ones', async (_, selectors) => {
  trails([trail()], selectors);
  expect(await lineOf('trail in us-east-1')).toMatchObject({
    status: 'refused',
    found:
      'management records no reading management events, so that these rules get no event: production-PostgreSQLMasterSecretRead',
    allowed: expect.stringContaining('with management events (all)') as string,
  });
});

test.each([
  ['is not logging', [trail()], {}, false, 'management is not logging'],
  [
    'records data only',
    [trail()],
    { EventSelectors: [{ IncludeManagementEvents: false }] },
    true,
    'management records no writing management events',
  ],
  [
    'records reading events only',
    [trail()],
    { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'ReadOnly' as const }] },
    true,
    'management records no writing management events',
  ],
  [
    'has an advanced selector of reading events',
    [trail()],
    { AdvancedEventSelectors: [management('true')] },
    true,
    'management records no writing management events',
  ],
  [
    'is of another region',
    [trail({ IsMultiRegionTrail: false, HomeRegion: 'eu-central-1' })],
    {},
    true,
    'no trail records this region',
  ],
])('one that %s is refused', async (_, list, selectors, logging, sentence) => {
  trails(list, selectors, logging);
  expect(await lineOf('trail in us-east-1')).toMatchObject({
    status: 'refused',
    found: expect.stringContaining(sentence) as string,
  });
});

test('a trail of this region alone is fine', async () => {
  trails([trail({ IsMultiRegionTrail: false })]);
  expect(await lineOf('trail in us-east-1')).toMatchObject({ status: 'ok' });
});

test('nothing is asked where no rule waits for events of a trail', () => {
  const wanted = wantedOf(COMPLETE);
  const resources = wanted.resources.filter(({ type }) => type !== 'AWS::Events::Rule');
  expect(trailChecks({ ...wanted, resources })).toEqual([]);
});
