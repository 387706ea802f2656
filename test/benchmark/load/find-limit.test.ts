import { findLimit, type LoadStep } from '../../../lib/benchmark/load/find-limit';
import { MIX, schedule } from '../../../lib/benchmark/load/mix';

/** A server that carries `most` requests a second; beyond, p95 is longer, or requests stay unanswered. */
const server =
  (most: number, beyond: Partial<LoadStep> = { p95Ms: 101 }) =>
  (rate: number): Promise<LoadStep> =>
    Promise.resolve({ rate, answered: rate, p95Ms: 100, ...(rate > most && beyond) });

test.each([4, 5, 37, 1000, 4999])(
  'the limit of a server that carries %d a second is found within a tenth',
  async (most) => {
    const { limit } = await findLimit(server(most), { lowest: 4, highest: 20_000 });
    expect(limit).toBeLessThanOrEqual(most);
    expect(limit! * 1.1).toBeGreaterThan(most);
  },
);

test('a server that falls behind has passed its limit, whatever its p95', async () => {
  const { limit } = await findLimit(server(50, { answered: 40 }), { lowest: 4, highest: 20_000 });
  expect(limit).toBeGreaterThan(45);
  expect(limit).toBeLessThanOrEqual(50);
});

test('without a limit where the lowest rate is too much, and the highest tried where none is', async () => {
  const slow = await findLimit(server(3), { lowest: 4, highest: 100 });
  expect([slow.limit, slow.steps.length]).toEqual([undefined, 1]);
  expect((await findLimit(server(1e9), { lowest: 4, highest: 100 })).limit).toBe(64);
});

test('requests are sent as often as in the mix, evenly', () => {
  const order = schedule([{ daily: 300 }, { daily: 100 }], 8);
  expect(order.filter((number) => number === 0)).toHaveLength(6);
  expect(order.slice(0, 4).filter((number) => number === 1)).toHaveLength(1);
  const all = MIX.reduce((sum, { daily }) => sum + daily, 0);
  const long = schedule(MIX, all / 10);
  MIX.forEach(({ daily }, i) => {
    const times = long.filter((number) => number === i).length;
    expect(Math.abs(times - daily / 10)).toBeLessThanOrEqual(1);
  });
});
