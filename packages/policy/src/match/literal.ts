/**
 * A pattern that fits one resource: what would be a wildcard or a variable is escaped. But where the ARN names an
 * account, `*` at its end stands for what is yet to get its name (`instance/*`) and stays what it is.
 */
export function literalPattern(resource: string): string {
  if (resource === '*') return resource
  const isUnnamed = resource.endsWith('*') && /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(resource)
  const text = isUnnamed ? resource.slice(0, -1) : resource
  return `${text.replace(/[*?]|\$(?=\{)/g, '${$&}')}${isUnnamed ? '*' : ''}`
}
