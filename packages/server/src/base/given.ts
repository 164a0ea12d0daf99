/** The members that are not undefined. */
export function given<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  const found: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) found[name] = value
  return found as T // without undefined members
}
