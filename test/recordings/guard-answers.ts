/** The code and the words of a refusal, of any protocol. */
export function faultIn(body: string, type: unknown): { readonly code: string; readonly message: string } {
  if (body.startsWith('{')) {
    const { __type, code, message, Message } = JSON.parse(body) as Record<string, string | undefined>
    const named = typeof type === 'string' ? type.replace(/;.*$/, '') : (__type ?? code ?? '')
    return { code: named.replace(/^.*#/, ''), message: message ?? Message ?? '' }
  }
  const part = (name: string) => new RegExp(`<${name}>([^<]*)`).exec(body)?.[1] ?? ''
  return { code: part('Code'), message: part('Message').replaceAll('&quot;', '"') }
}

/** A text without what differs from one answer to the next. */
export function plain(text: string): string {
  return text.replace(/ \(Service: (?:AWSKMS|Kms).*$|[. ]+(?:Go to https:|Encoded authorization).*$/, '')
}

/** Whether a value has all members of another one. */
export function contains(value: unknown, part: unknown): boolean {
  if (part === null || typeof part !== 'object')
    return value === part || (part === null && value === undefined)
  if (value === null || typeof value !== 'object') return false
  return Object.entries(part).every(([name, one]) => contains((value as Record<string, unknown>)[name], one))
}
