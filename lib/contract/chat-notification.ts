/**
 * A notice of our own making in the only form that Slack shows: what else reaches Amazon Q Developer in chat applications is dropped
 * without a word (its administrator guide, "Custom notifications"). In a mail it reads as JSON.
 */
export function chatNotification(title: string, lines: readonly string[]): object {
  return {
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title, description: lines.join('\n') },
  };
}
