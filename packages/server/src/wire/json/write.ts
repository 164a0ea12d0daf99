import { type Member, type ServiceModel, type StructureShape, shapeNamed } from '../../model/index.ts'
import { encodeBase64 } from '../text.ts'
import { timestampWriter } from '../timestamp.ts'

/** Converts a value of a shape to a JSON value. */
type Writer = (value: unknown) => unknown

/** Compiles the shapes of a service to functions that convert values to JSON; each structure once. */
export class JsonWriters {
  readonly #service: ServiceModel
  readonly #wholeSeconds: boolean
  readonly #structures = new Map<StructureShape, (value: unknown) => Record<string, unknown>>()

  /** `wholeSeconds`: instants that are written as seconds have no fraction. */
  constructor(service: ServiceModel, wholeSeconds = false) {
    this.#service = service
    this.#wholeSeconds = wholeSeconds
  }

  /** Returns the writer of a structure's members in the body. */
  structure(shape: StructureShape): (value: unknown) => Record<string, unknown> {
    const known = this.#structures.get(shape)
    if (known) return known
    let members: readonly (readonly [name: string, wireName: string, write: Writer])[] | undefined
    const write = (value: unknown): Record<string, unknown> => {
      members ??= Object.entries(shape.members)
        .filter(([, member]) => member.location === undefined)
        .map(([name, member]) => [name, member.locationName ?? name, this.member(member)])
      const structure = value as Readonly<Record<string, unknown>> // the output's type, checked where it was made
      const json: Record<string, unknown> = {}
      for (const [name, wireName, writeMember] of members) {
        const content = structure[name]
        if (content !== undefined && content !== null) json[wireName] = writeMember(content)
      }
      return json
    }
    this.#structures.set(shape, write)
    return write
  }

  /** Returns the writer of a member's value. */
  member(member: Member): Writer {
    const shape = shapeNamed(this.#service, member.shape)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list': {
        const write = this.member(shape.member)
        return (value) => (value as readonly unknown[]).map((item) => write(item)) // a list by its shape
      }
      case 'map': {
        const write = this.member(shape.value)
        return (value) => {
          const map = value as Readonly<Record<string, unknown>> // a map by its shape
          return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, write(item)]))
        }
      }
      case 'blob':
        return (value) => encodeBase64(value as Uint8Array) // bytes by its shape
      case 'timestamp': {
        const format = member.timestampFormat ?? shape.timestampFormat ?? 'unixTimestamp'
        if (format === 'unixTimestamp') {
          const whole = this.#wholeSeconds
          return (value) => (whole ? Math.floor((value as number) / 1000) : (value as number) / 1000) // milliseconds by its shape
        }
        const write = timestampWriter(format)
        return (value) => write(value as number) // milliseconds by its shape
      }
      default:
        return (value) => value
    }
  }
}
