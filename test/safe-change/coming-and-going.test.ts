import { BACKUP, before, DATABASE, NETWORK } from './changes';
import { changed, judged, judgedRecords } from './states';

const PRIMARY_ID = 'DatabasePrimaryBBD54FE3';

test('another construct id deletes the server and creates an empty one: both are named', () => {
  const after = changed(before, (copy) => {
    const { [PRIMARY_ID]: server, ...others } = copy[DATABASE]!.Resources;
    copy[DATABASE]!.Resources = { ...others, DatabaseMain: server! };
  });
  for (const changes of [judged(before, after), judgedRecords(before, after)]) {
    expect(changes.filter(({ effect }) => ['create', 'delete', 'leave'].includes(effect))).toEqual([
      expect.objectContaining({
        resource: `production-Database/${PRIMARY_ID}`,
        effect: 'leave',
        verdict: 'refused',
        wayOut: expect.stringMatching(
          /production-Database\/DatabaseMain is new and may be the same .* cdk refactor/,
        ) as string,
      }),
      expect.objectContaining({ resource: 'production-Database/DatabaseMain', effect: 'create', verdict: 'passes' }),
    ]);
  }
});

test.each([
  ['a replica', DATABASE, 'DatabaseReplica2D9659338', 'delete'],
  ['the key', DATABASE, 'DataKey5CEB6F76', 'leave'],
  ['a vault', BACKUP, 'BackupsVault1F11AFCC', 'leave'],
  ['a secret', DATABASE, 'DatabaseSecretsApplicationDA9CA8AB', 'leave'],
  ['the subnet group', DATABASE, 'DatabaseSettingsSubnetGroupD04E89B4', 'delete'],
  ['the zone', DATABASE, 'DatabaseAddressesZoneD5A71CE2', 'delete'],
  ['the network', NETWORK, 'NetworkVpc7FB7348F', 'delete'],
  ['a parameter group', DATABASE, 'DatabasePrimaryPg151640DD73', 'delete'],
  ['the queue', 'production-Monitoring', 'TopicsUndelivered101FB064', 'delete'],
])('%s that leaves the template is refused', (_, stack, id, effect) => {
  const after = changed(before, (copy) => void delete copy[stack]!.Resources[id]);
  for (const changes of [judged(before, after), judgedRecords(before, after)]) {
    expect(changes.filter(({ verdict }) => verdict === 'refused')).toMatchObject([
      { resource: `${stack}/${id}`, effect },
    ]);
  }
});

test('another id of a stack leaves every stateful resource of it behind', () => {
  const after = changed(before, (copy) => {
    copy['production-Data'] = copy[DATABASE]!;
    delete copy[DATABASE];
  });
  const refused = judgedRecords(before, after).filter(({ verdict }) => verdict === 'refused');
  expect(refused.length).toBeGreaterThan(10);
  expect(refused).toHaveLength(
    Object.keys(judgedRecords({}, after).filter(({ resource }) => resource.startsWith('production-Data/'))).length,
  );
  expect(new Set(refused.map(({ effect }) => effect))).toEqual(new Set(['leave']));
});

test('what is new passes, and so does a first deployment', () => {
  expect(new Set(judged({}, before).map(({ verdict }) => verdict))).toEqual(new Set(['passes']));
});

test('what holds no data may go', () => {
  const after = changed(
    before,
    (copy) => void delete copy['production-Monitoring']!.Resources['CollectorCollect18A067FC'],
  );
  expect(judged(before, after)).toMatchObject([{ effect: 'delete', verdict: 'passes' }]);
});
