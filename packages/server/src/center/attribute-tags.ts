import type { Center, CenterUser, Tag } from '../directory/index.ts'

/** Returns the session tags that the attributes for access control make of a user (behaviour SSO-72). */
export function attributeTags(user: CenterUser, { attributes = [] }: Center): readonly Tag[] {
  const whole = { ...user.given, UserName: user.userName }
  return attributes.flatMap(({ key, sources }) => {
    for (const source of sources) {
      const value = valueAt(whole, source)
      // a value that is no tag is left out
      if (value !== undefined && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(value))
        return [{ Key: key, Value: value }]
    }
    return []
  })
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** Reads `${path:userName}`, `${path:name.familyName}`, `${path:enterprise.department}`, `${path:emails[primary eq true].value}`. */
function valueAt(user: Readonly<Record<string, unknown>>, source: string): string | undefined {
  const path = /^\$\{path:([\w.[\] ]+)\}$/.exec(source)?.[1]
  if (path === undefined) return undefined
  let value: unknown = user
  for (const step of withoutFilters(path).split('.')) {
    if (Array.isArray(value)) value = value.find((each) => each?.Primary === true) ?? value[0]
    value = step === 'enterprise' && value === user ? extensionOf(user) : memberOf(value, step)
  }
  return typeof value === 'string' ? value : undefined
}

/** A path without its filters in brackets. */
function withoutFilters(path: string): string {
  const [first = '', ...rest] = path.split('[')
  return rest.reduce((kept, part) => kept + part.slice(part.indexOf(']') + 1), first)
}

function extensionOf({ Extensions }: Readonly<Record<string, unknown>>): unknown {
  return memberOf(Extensions, enterprise) ?? memberOf(Extensions, 'aws:identitystore:enterprise')
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const wanted = name.toLowerCase()
  return Object.entries(value).find(([key]) => key.toLowerCase() === wanted)?.[1]
}
