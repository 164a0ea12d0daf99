import { Fault } from '../../base/index.ts'
import { type Member, type ServiceModel, type StructureShape, shapeNamed } from '../../model/index.ts'
import { refuseOmittedMembers } from '../common-fault.ts'
import { decodeBase64 } from '../text.ts'
import { instant, parseTimestamp } from '../timestamp.ts'

type Reader = (value: unknown) => unknown

/** Compiles the shapes of a service to functions that check and read JSON values; each structure once. */
export class JsonReaders {
  readonly #service: ServiceModel
  readonly #structures = new Map<StructureShape, (value: unknown) => Record<string, unknown>>()

  constructor(service: ServiceModel) {
    this.#service = service
  }

  /** Returns the reader of a structure's members in the body. Members that the model lacks are passed over, or refused by name. */
  structure(shape: StructureShape): (value: unknown) => Record<string, unknown> {
    const known = this.#structures.get(shape)
    if (known) return known
    let members: readonly (readonly [name: string, wireName: string, read: Reader])[] | undefined
    const read = (value: unknown): Record<string, unknown> => {
      members ??= Object.entries(shape.members)
        .filter(([, member]) => member.location === undefined)
        .map(([name, member]) => [name, member.locationName ?? name, this.member(member)])
      if (!isObject(value)) throw unexpected(value, 'a structure')
      refuseOmittedMembers(this.#service, shape.members, (name) => Object.hasOwn(value, name))
      const structure: Record<string, unknown> = {}
      for (const [name, wireName, readMember] of members) {
        if (!Object.hasOwn(value, wireName)) continue
        const content = value[wireName]
        if (content !== null) structure[name] = readMember(content)
      }
      return structure
    }
    this.#structures.set(shape, read)
    return read
  }

  /** Returns the reader of a member's value. */
  member(member: Member): Reader {
    const shape = shapeNamed(this.#service, member.shape)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list': {
        const read = this.member(shape.member)
        return (value) => {
          if (!Array.isArray(value)) throw unexpected(value, 'a list')
          return value.filter((item) => item !== null).map((item) => read(item))
        }
      }
      case 'map': {
        const read = this.member(shape.value)
        return (value) => {
          if (!isObject(value)) throw unexpected(value, 'a map')
          // fromEntries defines its keys, so `__proto__` is an ordinary key.
          return Object.fromEntries(
            Object.entries(value).flatMap(([key, content]) =>
              content === null ? [] : [[key, read(content)]],
            ),
          )
        }
      }
      case 'string':
        return (value) => {
          if (typeof value !== 'string') throw unexpected(value, 'a String')
          return value
        }
      case 'integer':
      case 'long':
        return (value) => {
          if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unexpected(value, 'an Integer')
          return value
        }
      case 'float':
      case 'double':
        return (value) => {
          if (typeof value !== 'number') throw unexpected(value, 'a Double')
          return value
        }
      case 'boolean':
        return (value) => {
          if (typeof value !== 'boolean') throw unexpected(value, 'a Boolean')
          return value
        }
      case 'blob':
        return (value) => {
          const bytes = typeof value === 'string' ? decodeBase64(value) : undefined
          if (!bytes) throw unexpected(value, 'a Blob')
          return bytes
        }
      case 'timestamp':
        return (value) => {
          const time =
            typeof value === 'number'
              ? instant(Math.round(value * 1000))
              : typeof value === 'string'
                ? parseTimestamp(value)
                : undefined
          if (time === undefined) throw unexpected(value, 'a Timestamp')
          return time
        }
      case 'document':
        return (value) => value
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** AWS's own JSON reader has this text (behaviour WIRE-42). */
function unexpected(value: unknown, wanted: string): Fault {
  const message = Array.isArray(value)
    ? 'Start of list found where not expected'
    : isObject(value)
      ? 'Start of structure or map found where not expected.'
      : `${tokenOf(value)} can not be converted to ${wanted}`
  return new Fault('SerializationException', message, 400)
}

function tokenOf(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE'
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE'
  return value === true ? 'TRUE_VALUE' : value === false ? 'FALSE_VALUE' : 'NULL_VALUE'
}
