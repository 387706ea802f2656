/** What is made at the first call, and the same afterwards: files of the project do not change while it runs. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
