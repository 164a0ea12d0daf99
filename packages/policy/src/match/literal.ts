/**
 * Returns a pattern that matches one resource: wildcards and variables are escaped. In an ARN with an account, a
 * final `*` is the name of a resource that does not exist yet (`instance/*`) and is kept.
 */
export function literalPattern(resource: string): string {
  if (resource === '*') return resource
  const isUnnamed = resource.endsWith('*') && /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(resource)
  const text = isUnnamed ? resource.slice(0, -1) : resource
  return `${escapedText(text)}${isUnnamed ? '*' : ''}`
}

/** A text with its wildcards and variables escaped. */
export function escapedText(text: string): string {
  return text.replace(/[*?]|\$(?=\{)/g, '${$&}')
}
