/** A question in the words of the command line, and the page that answers it. */
export interface TypedQuestion {
  readonly verb: 'can' | 'pass' | 'paths' | 'why'
  /** The names, in order. */
  readonly names: readonly string[]
  readonly to: string
}

/** `can dev iam:CreateUser arn:…`, `pass web`, `paths dev`, `why d-…`; undefined if the text is no whole question. */
export function questionIn(text: string): TypedQuestion | undefined {
  const [verb, first, second, resource = '*', ...more] = text.replace(/^omen\s+/, '').split(/\s+/)
  if (more.length > 0) return undefined
  switch (verb) {
    case 'can':
      if (first === undefined || second === undefined || !/^[a-z0-9-]+:[A-Za-z]+$/.test(second))
        return undefined
      return {
        verb,
        names: [first, second, resource],
        to: `/try?${new URLSearchParams({ who: first, action: second, resource })}`,
      }
    case 'pass':
      return first === undefined
        ? undefined
        : { verb, names: [first], to: `/pass?${new URLSearchParams({ find: first })}` }
    case 'paths':
      return first === undefined
        ? undefined
        : { verb, names: [first], to: `/paths?${new URLSearchParams({ from: first })}` }
    case 'why':
      return { verb, names: [first ?? ''], to: `/d/${encodeURIComponent(first || 'last')}` }
    default:
      return undefined
  }
}
