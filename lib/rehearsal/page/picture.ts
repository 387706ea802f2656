import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/** Where Debian has Chromium. */
export const CHROMIUM = '/usr/bin/chromium';

const VIEWPORT = { width: 1104, height: 900 };

/**
 * Takes a picture of the beginning of a page, as a PNG.
 * @throws Error where there is no Chromium
 */
export async function takePicture(page: string, picture: string): Promise<void> {
  const browser = await chromium
    // In a container as root Chromium starts only without its sandbox; the page is our own.
    .launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    .catch((cause: unknown) => {
      throw new Error(`--picture needs Chromium, and ${CHROMIUM} does not start; install Debian’s chromium`, {
        cause,
      });
    });
  try {
    const tab = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light' });
    await tab.goto(pathToFileURL(page).href);
    await tab.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}
