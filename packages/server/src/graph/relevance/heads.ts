import type { Statement } from '@omen-iam/policy'

/** The starts of the ARNs that an Allow names. */
export function headsOf({ resource }: Statement): readonly string[] {
  if (resource === undefined || resource.negated) return ['']
  return resource.values.flatMap(({ value }) => {
    if (/:user\/(?:[^$]*\/)?\$\{aws:username\}$/i.test(value)) return []
    const end = value.search(/[*?]|\$\{/)
    return end === -1 ? value : value.slice(0, end)
  })
}
