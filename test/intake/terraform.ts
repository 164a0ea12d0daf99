type Resources = Record<string, Record<string, Record<string, unknown>>>

/**
 * What `terraform show -json` prints of a plan for a configuration in JSON: references are resolved as the provider does it,
 * and escapes are taken away.
 */
export function planOf(configuration: unknown, account: string): unknown {
  const { resource = {} } = configuration as { resource?: Resources }
  const attribute = (type: string, name: string, attribute: string): string => {
    const block = resource[type]?.[name]
    if (block === undefined) throw new Error(`there is no ${type}.${name}`)
    const own = String(value(block.name))
    if (attribute === 'name') return own
    const kind = type.replace('aws_iam_', '')
    return `arn:aws:iam::${account}:${kind}${value(block.path) ?? '/'}${own}`
  }
  const text = (raw: string): string =>
    raw.replace(/\$\$\{|%%\{|\$\{(\w+)\.([\w-]+)\.(\w+)\}/g, (whole, type, name, part) =>
      type === undefined ? whole.slice(1) : attribute(type, name, part),
    )
  const value = (each: unknown): unknown => {
    if (typeof each === 'string') return text(each)
    if (Array.isArray(each)) return each.map(value)
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [text(key), value(inner)]))
  }
  const resources = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => ({
      address: `${type}.${name}`,
      mode: 'managed',
      type,
      name,
      provider_name: 'hashicorp/aws',
      values: value(block),
    })),
  )
  return { format_version: '1.2', terraform_version: '1.9.0', planned_values: { root_module: { resources } } }
}
