import type { Finding } from '../document/finding.ts'
import type { PolicyKind } from '../document/policy.ts'
import type { Span } from '../document/position.ts'

const own = 'arn:aws:iam::123456789012:user/dev'
const usual: Readonly<Record<PolicyKind, Readonly<Record<string, unknown>>>> = {
  identity: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
  boundary: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
  session: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
  scp: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
  rcp: { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
  trust: { Effect: 'Allow', Principal: { AWS: own }, Action: 'sts:AssumeRole' },
  resource: {
    Effect: 'Allow',
    Principal: { AWS: own },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::b/*',
  },
  key: { Effect: 'Allow', Principal: { AWS: own }, Action: 'kms:Decrypt', Resource: '*' },
  endpoint: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' },
}

/**
 * Reads a case about one document. `identity {"Action":"*"}` is a policy of one usual statement with that change, and null
 * removes an element; a list has several statements; `identity/2008` has the older version; `identity! TEXT` is the text as it is.
 */
export function documentOf(input: string): { readonly kind: PolicyKind; readonly text: string } {
  const [, name, form, rest = ''] = /^(\w+)(!|\/2008)? (.*)$/.exec(input) ?? []
  const kind = name as PolicyKind // a case that names no kind has no usual statement, and its test fails
  if (form === '!') return { kind, text: rest }
  const changes: readonly Record<string, unknown>[] = [JSON.parse(rest)].flat()
  const statements = changes.map((change) =>
    Object.fromEntries(Object.entries({ ...usual[kind], ...change }).filter(([, value]) => value !== null)),
  )
  const Version = form === undefined ? '2012-10-17' : '2008-10-17'
  return { kind, text: JSON.stringify({ Version, Statement: statements }) }
}

/** The text that a span covers, shortened in its middle. */
export function covered(text: string, { start, end }: Span): string {
  const part = text.slice(start.offset, end.offset)
  return part.length <= 50 ? `‹${part}›` : `‹${part.slice(0, 12)}…${part.slice(-22)}›`
}

/**
 * Writes a finding on one line: class, code, place, covered text, message, and data. A message that an earlier finding with
 * the code had is not repeated: `…` is the code's first message, `…2` its second.
 */
export function findingWriter(): (finding: Finding, text: string) => string {
  const known = new Map<string, string[]>()
  return ({ class: kind, code, message, path, span, detail }, text) => {
    const messages = known.get(code) ?? []
    known.set(code, messages)
    const at = messages.indexOf(message)
    if (at < 0) messages.push(message)
    const said = at < 0 ? message : `…${at === 0 ? '' : at + 1}`
    const about = detail === undefined ? '' : ` ${JSON.stringify(detail)}`
    return `${kind} ${code} ${path.join('.')} ${covered(text, span)} ${said}${about}`
  }
}
