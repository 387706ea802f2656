/** A function that calls `make` the first time and returns the same value afterwards. For files, which do not change while a command runs. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
