import { isoSeconds, perObject } from '../base/index.ts'
import type { Member, ServiceModel, Shape } from '../model/index.ts'

/** Converts a value of the model to what CloudTrail writes; undefined leaves it out. */
type Shaper = (value: unknown) => unknown

const shapersOf = perObject((_model: ServiceModel) => new Map<string, Shaper>())

/**
 * Converts an operation's input or output to CloudTrail's form: members begin with a small letter (behaviour TRL-12),
 * instants are `2026-09-13T15:38:40Z` (TRL-13), secrets are left out (TRL-30).
 */
export function shapeForEvent(model: ServiceModel, shape: string, value: unknown): unknown {
  return shaperOf(model, shape)(value)
}

function shaperOf(model: ServiceModel, name: string): Shaper {
  const known = shapersOf(model)
  const made = known.get(name)
  if (made !== undefined) return made
  // a shape may contain itself: the map holds a forwarder until the real converter exists
  let real: Shaper | undefined
  known.set(name, (value) => real!(value))
  real = writtenThough.has(name) ? (value) => value : makeShaper(model, model.shapes[name])
  known.set(name, real)
  return real
}

function makeShaper(model: ServiceModel, shape: Shape | undefined): Shaper {
  if (shape === undefined) return () => undefined
  if (shape.sensitive === true) return () => undefined
  switch (shape.type) {
    case 'structure':
      return structure(model, shape.members)
    case 'list': {
      const member = shaperOf(model, shape.member.shape)
      return (value) => (Array.isArray(value) ? value.map(member) : undefined)
    }
    case 'map': {
      const member = shaperOf(model, shape.value.shape)
      return (value) => {
        if (typeof value !== 'object' || value === null) return undefined
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, member(each)]))
      }
    }
    case 'timestamp':
      return (value) => (typeof value === 'number' ? isoSeconds(value) : undefined)
    case 'blob':
      return (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined)
    default:
      return (value) => value
  }
}

function structure(model: ServiceModel, members: Readonly<Record<string, Member>>): Shaper {
  const fields = Object.entries(members)
    .filter(([name]) => !secretMembers.has(name))
    .map(([name, member]) => ({ name, written: lowerFirst(name), shaper: shaperOf(model, member.shape) }))
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    const given = value as Readonly<Record<string, unknown>> // an object, by the line above
    const shaped: Record<string, unknown> = {}
    for (const field of fields) {
      const each = given[field.name]
      if (each === undefined) continue
      const written = field.shaper(each)
      if (written !== undefined) shaped[field.written] = written
    }
    return shaped
  }
}

/** Texts that events carry though the model calls them sensitive: the parties and notes of a handshake (ORG-29). */
const writtenThough = new Set(['HandshakePartyId', 'HandshakeNotes', 'HandshakeResourceValue'])

/** Members that no event carries, whether or not the model calls them sensitive (TRL-30). */
const secretMembers = new Set([
  'SecretAccessKey',
  'Password',
  'OldPassword',
  'NewPassword',
  'PrivateKey',
  'WebIdentityToken',
  'TradeInToken',
  'SAMLAssertion',
  'TokenCode',
  'AuthenticationCode1',
  'AuthenticationCode2',
  'Base32StringSeed',
  'QRCodePNG',
  'ServicePassword',
  'ServiceCredentialSecret',
])

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
