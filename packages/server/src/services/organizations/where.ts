/** Yields the items that pass a test, one at a time. */
export function* where<T>(items: Iterable<T>, test: (item: T) => boolean): Generator<T> {
  for (const item of items) if (test(item)) yield item
}
