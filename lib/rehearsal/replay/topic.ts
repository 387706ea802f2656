/** Name of the topic that an action or target refers to, such as `Critical`; undefined where it is no topic of ours. */
export function topicOf(reference: unknown): string | undefined {
  return /"Topics(Critical|Warning|Info|Paging)[0-9A-F]{8}"/.exec(JSON.stringify(reference))?.[1];
}
