import type { Policy } from '@omen-iam/policy'

/** The keys of tags that policies read, and the pairs of a key and a value that conditions name. */
export interface TagsRead {
  readonly keys: ReadonlySet<string>
  /** The condition keys of resources. */
  readonly resourceKeys: ReadonlySet<string>
  /** The values that may cause a refusal as they are: of a Deny, or of a negated condition. In lower case. */
  readonly refusing: ReadonlySet<string>
  /** Of principals. */
  readonly principal: readonly (readonly [string, string])[]
  /** Of principals, in policies other than trust policies: tried on every principal that is held. */
  readonly ofCallers: readonly (readonly [string, string])[]
  /** Of resources. */
  readonly resource: readonly (readonly [string, string])[]
}

/** The tags that the documents of a world read. */
export function tagsRead(documents: Iterable<Policy>): TagsRead {
  const keys = new Set<string>()
  const resourceKeys = new Set<string>()
  const refusing = new Set<string>()
  const principal = new Map<string, readonly [string, string]>()
  const ofCallers = new Map<string, readonly [string, string]>()
  const resource = new Map<string, readonly [string, string]>()
  for (const { text, statements, kind } of documents) {
    if (!/(?:Principal|Resource)Tag/i.test(text)) continue
    for (const [, key = ''] of text.matchAll(/aws:PrincipalTag\/([^},"]+)\}/gi)) keys.add(key.trim())
    for (const { condition, effect, resource: named } of statements) {
      const isDeny = effect === 'Deny'
      for (const { value } of isDeny || named?.negated === true ? (named?.values ?? []) : [])
        for (const tag of tagVariables(value)) refusing.add(tag)
      for (const { key, operator, values } of condition) {
        const isRefusing = isDeny || /not|null|ifexists|forall/i.test(operator)
        for (const { value } of isRefusing ? values : [])
          for (const tag of tagVariables(value)) refusing.add(tag)
        const parts = /^[a-z0-9-]+:(Principal|Resource)Tag\/(.+)$/i.exec(key)
        if (parts === null) continue
        const [, of = '', tag = ''] = parts
        keys.add(tag)
        if (isRefusing) refusing.add(tag.toLowerCase())
        if (/^resource$/i.test(of)) resourceKeys.add(tag)
        const isOfCaller = /^principal$/i.test(of)
        for (const { value } of values) {
          const pair = [tag, fittingTag(value)] as const
          ;(isOfCaller ? principal : resource).set(`${tag}=${value}`, pair)
          if (isOfCaller && kind !== 'trust') ofCallers.set(`${tag}=${value}`, pair)
        }
      }
    }
  }
  return {
    keys,
    resourceKeys,
    refusing,
    principal: [...principal.values()],
    ofCallers: [...ofCallers.values()],
    resource: [...resource.values()],
  }
}

/** The keys of the tags in policy variables, in lower case. */
function tagVariables(text: string): readonly string[] {
  return [...text.matchAll(/\$\{[a-z0-9-]+:(?:Principal|Resource)Tag\/([^},]+)/gi)].map(([, key = '']) =>
    key.trim().toLowerCase(),
  )
}

/** A value that fits a pattern. Policy variables stay: they hold something else for each caller. */
export function fittingTag(pattern: string): string {
  if (pattern.includes('${')) return pattern
  const value = pattern.replaceAll('?', 'x').replaceAll('*', '')
  return value === '' && pattern !== '' ? 'x' : value
}
