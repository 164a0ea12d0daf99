/** Paths by which emulators are emptied with POST: moto's, LocalStack's and MiniStack's. */
const known: readonly string[] = ['/moto-api/reset', '/_localstack/state/reset', '/_ministack/reset']

/** The paths by which the upstream may be emptied: those that were given first (behaviour GRD-122). */
export function resetPaths(given: readonly string[] = []): readonly string[] {
  return [...new Set([...given, ...known])]
}

/** Returns whether a text can be the path of a reset: one that no bucket and no object has (behaviour GRD-40). */
export function isResetPath(text: string): boolean {
  return /^\/(?:_[\w-]+|moto-api)(?:\/[\w-]+)+$/.test(text) && !/^\/_omen(?:\/|$)/.test(text)
}
