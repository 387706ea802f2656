import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { type PageContext, readMonth } from '../../../lib/rehearsal/page/context';
import { rehearsalPage } from '../../../lib/rehearsal/page/page';
import { CHROMIUM } from '../../../lib/rehearsal/page/picture';
import type { RehearsalReport } from '../../../lib/rehearsal/report';
import { describeWith } from '../../support/installed';

/** A shortened report of a real run. */
const report = JSON.parse(readFileSync(join(__dirname, 'fixtures/rehearsal.json'), 'utf8')) as RehearsalReport;
const context: PageContext = { versions: { 'Node.js': '20' }, written: new Date(0) };
const HOSTILE = `<script>alert("1")</script>' onload=x`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('texts of a report are escaped, in every place', () => {
  const hostile = JSON.parse(JSON.stringify(report), (_, value: unknown) =>
    typeof value === 'string' ? `${value}${HOSTILE}` : value,
  ) as RehearsalReport;
  const page = rehearsalPage(hostile, { ...context, versions: { x: HOSTILE } });
  expect(page).not.toContain('<script');
  expect(page).not.toContain(`alert("1"`);
  expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onload=x');
});

test('a run that did not finish says why, and that nothing is proven', () => {
  const page = rehearsalPage({ environment: 'dev', ok: false, failures: ['migrating: no disk'] }, context);
  for (const text of ['The rehearsal did not finish', 'migrating: no disk', 'is proven']) expect(page).toContain(text);
});

test('the score before and after stands there, and what fails', () => {
  const page = rehearsalPage(report, context).replace(/\s+/g, ' ');
  for (const text of ['4.7 → 9.5', 'the server offers TLS: ssl is off', 'a crash loses nothing: fsync is off'])
    expect(page).toContain(text);
});

test('the points of readiness are drawn by area, before and after', () => {
  const page = rehearsalPage(report, context).replace(/\s+/g, ' ');
  const [before, after] = [report.readiness.before, report.readiness.after];
  for (const [i, { area, points, of }] of after.areas.entries())
    expect(page).toContain(`${area} ${before.areas[i]!.points} and ${points} of ${of}`);
  for (const { areas, weights } of [before, after]) {
    expect(areas.reduce((sum, { points }) => sum + points, 0)).toBe(weights.passed);
    expect(areas.reduce((sum, { of }) => sum + of, 0)).toBe(weights.passed + weights.failed + weights.notSeen);
  }
  expect(page.match(/>\d+ of \d+</g)?.length).toBeGreaterThanOrEqual(2 * after.areas.length);
});

test('a report without the optional parts says what is missing', () => {
  const { failover, restore, pooling, import: moved, ...rest } = report;
  expect([failover, restore, pooling, moved]).not.toContain(undefined);
  const page = rehearsalPage({ ...rest, alarms: [], crossTalk: [], eventRules: [] }, context);
  for (const text of [
    'none was promoted',
    'no database was moved in',
    'none was rehearsed',
    'pooling was not',
    'no event rules',
    'No alarm was tried',
  ])
    expect(page).toContain(text);
});

test('the metric of a provoked alarm is drawn with its threshold; one that was not measured is not', () => {
  const page = rehearsalPage(report, context);
  const measured = report.alarms.filter((alarm) => alarm.measured);
  expect(page.split('<figure>')).toHaveLength(measured.length + 1);
  for (const { alarm, measured: found } of measured)
    expect(page).toContain(
      `${alarm.replace('production-', '')}: ${found!.values.length} values, at most ${Math.max(...found!.values.map(([, value]) => value))}, threshold ${found!.threshold}`,
    );
  const none = report.alarms.map((alarm) => ({ ...alarm, measured: { threshold: 1, values: [] } }));
  expect(rehearsalPage({ ...report, alarms: none }, context)).toContain('No metric was measured');
});

test.each([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['another file', '{"ok":true}'],
])('a folder with %s has no month', (_, content) => {
  if (content !== undefined) writeFileSync(join(folder, 'backtest.json'), content);
  expect(readMonth(folder)).toBeUndefined();
});

test('the month beside the report is shown', () => {
  const month = { pages: 7, unexplainedWarnings: 0, notifications: [] };
  writeFileSync(
    join(folder, 'backtest.json'),
    JSON.stringify({ environment: 'production', days: 30, seed: 4, month, ok: true }),
  );
  const saved = readMonth(folder);
  expect(rehearsalPage(report, { ...context, month: saved! }).replace(/\s+/g, ' ')).toContain('seed 4: 7 pages');
});

describeWith(existsSync(CHROMIUM), `${CHROMIUM} (Debian: apt install chromium)`)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser.close());

  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)(
    '%i pixels wide and %s: complete, legible, nothing outside, no request, no error',
    async (width, colorScheme) => {
      const file = join(folder, 'rehearsal.html');
      writeFileSync(file, rehearsalPage(report, context));
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const errors: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      expect(errors).toEqual([]);
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('h2').count()).toBeGreaterThanOrEqual(10);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const drawn = await page.evaluate<string>(
        `[...document.querySelectorAll('#alarms .chart')].find((each) => each.offsetWidth > 0).textContent`,
      );
      for (const { alarm } of report.alarms) expect(drawn).toContain(alarm.replace('production-', ''));
      for (const selector of ['h1', 'p', '.muted', '.bad', '.good', 'nav a', 'summary', 'th', 'footer'])
        expect(await page.evaluate(CONTRAST, selector)).toBeGreaterThanOrEqual(4.5);
      await page.close();
    },
    60_000,
  );
});

/** Contrast of an element's text with the page, as WCAG 2 defines it. Runs in the browser. */
const CONTRAST = (selector: string): number => {
  const { document, getComputedStyle } = globalThis as never as {
    document: { querySelector: (selector: string) => object; body: object };
    getComputedStyle: (element: object) => { color: string; backgroundColor: string };
  };
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const text = luminance(getComputedStyle(document.querySelector(selector)).color);
  const page = luminance(getComputedStyle(document.body).backgroundColor);
  return (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05);
};
