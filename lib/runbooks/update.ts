import { pagePath, readPages } from './pages';
import { renderPages } from './render';
import { productionRunbookData } from './runbook-data';

/**
 * Every runbook page with its generated part up to date, by its path in this repository. An alert without a page gets one with empty
 * sections.
 */
export function runbookPages(): Map<string, string> {
  const pages = renderPages(readPages(), productionRunbookData());
  return new Map([...pages].map(([name, text]) => [pagePath(name), text]));
}
