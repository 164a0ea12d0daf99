import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Member, OperationModel, ServiceModel, Shape } from '../../packages/server/src/model/index.ts'
import type { Service } from './services.ts'

/*
 * The SDK's run-time schemas are tuples: [kind, namespace, name, traits, …]. Kinds: 0 a simple type,
 * 1 a list, 2 a map, 3 a structure, 4 a union, -3 an error, 9 an operation. References to other schemas
 * are numbers (simple types), tuples, or functions that return one; a member may be [reference, traits].
 * They carry no constraints: what joins a model from here is checked for type and presence only, until
 * botocore catches up or an overlay says more.
 */
type Schema = readonly unknown[]
type Traits = Readonly<Record<string, unknown>>

const structureKinds: readonly unknown[] = [3, 4, -3]

/** The model with the operations, and the members of structures, that only the SDK has yet. */
export async function joinSdk(model: ServiceModel, service: Service): Promise<ServiceModel> {
  if (!service.sdk) return model
  const client: Readonly<Record<string, unknown>> = await import(service.sdk)
  const entry = createRequire(import.meta.url).resolve(service.sdk)
  const packageDirectory = entry.slice(0, entry.indexOf(service.sdk) + service.sdk.length)
  const { version } = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8'))
  const joiner = new Joiner(model, client, join(dirname(entry), '..', 'dist-types'))
  return { ...joiner.join(), derivedFrom: { ...model.derivedFrom, [service.sdk]: version } }
}

class Joiner {
  readonly #model: ServiceModel
  readonly #client: Readonly<Record<string, unknown>>
  readonly #types: string
  readonly #operations: Record<string, OperationModel>
  readonly #shapes: Record<string, Shape>
  readonly #visited = new Set<string>()

  constructor(model: ServiceModel, client: Readonly<Record<string, unknown>>, types: string) {
    this.#model = model
    this.#client = client
    this.#types = types
    this.#operations = { ...model.operations }
    this.#shapes = { ...model.shapes }
  }

  join(): ServiceModel {
    for (const [key, schema] of Object.entries(this.#client)) {
      if (!key.endsWith('$') || !isSchema(schema)) continue
      if (schema[0] === 9) this.#operation(schema)
      else if (structureKinds.includes(schema[0]) && this.#shapes[String(schema[2])]) this.#structure(schema)
    }
    return { ...this.#model, operations: this.#operations, shapes: this.#shapes }
  }

  #operation(schema: Schema): void {
    const name = String(schema[2])
    if (this.#operations[name]) return
    const traits = traitsOf(schema[3])
    const [method, uri, status] = (traits.http as [string, string, number] | undefined) ?? ['POST', '/', 200] // the SDK's form of the trait
    const [input, output] = [resolve(schema[4]), resolve(schema[5])]
    this.#operations[name] = {
      name,
      http: { method, uri, ...(status !== 200 && { status }) },
      ...(isSchema(input) && { input: this.#structure(input) }),
      ...(isSchema(output) && { output: this.#structure(output) }),
      ...(isSchema(output) && this.#model.protocol === 'awsQuery' && { resultWrapper: `${name}Result` }),
      errors: this.#errorsOf(name),
    }
  }

  /** The SDK writes an operation's errors only in the documentation of its command. */
  #errorsOf(operation: string): readonly string[] {
    const text = readFileSync(join(this.#types, 'commands', `${operation}Command.d.ts`), 'utf8')
    const names = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map((match) => match[1]!)
    return names.flatMap((name) => {
      const schema = this.#client[`${name}$`]
      return isSchema(schema) && schema[0] === -3 && !name.endsWith('ServiceException')
        ? [this.#structure(schema)]
        : []
    })
  }

  /** Adds the structure, or what the model's own lacks; returns the shape's name. */
  #structure(schema: Schema): string {
    const name = String(schema[2])
    if (this.#visited.has(name)) return name
    this.#visited.add(name)
    const known = this.#shapes[name]
    const traits = traitsOf(schema[3])
    const names = schema[4] as readonly string[] // the tuple's form
    const references = schema[5] as readonly unknown[]
    const required = names.slice(0, Number(schema[6] ?? 0))
    if (known && known.type !== 'structure') return name
    const members: Record<string, Member> = { ...known?.members }
    // Put down before the members, so that a structure that contains itself ends.
    this.#shapes[name] = known ?? { type: 'structure', members: {} }
    names.forEach((member, i) => {
      if (!members[member]) members[member] = this.#member(name, member, references[i])
    })
    if (known) {
      this.#shapes[name] = { ...known, members }
      return name
    }
    this.#shapes[name] = {
      type: 'structure',
      members,
      ...(required.length && { required }),
      ...(schema[0] === 4 && { union: true }),
      ...(schema[0] === -3 && { error: errorOf(traits, name) }),
      ...(traits.sensitive !== undefined && { sensitive: true }),
    }
    return name
  }

  #member(structure: string, name: string, reference: unknown): Member {
    const [target, traits] = memberReference(reference)
    const text = (trait: string): string | undefined =>
      typeof traits[trait] === 'string' ? traits[trait] : undefined
    const locationName = text('httpHeader') ?? text('httpQuery') ?? text('xmlName') ?? text('jsonName')
    const queryName = text('ec2QueryName')
    const location = traits.httpHeader
      ? 'header'
      : traits.httpQuery
        ? 'querystring'
        : traits.httpLabel
          ? 'uri'
          : traits.httpResponseCode
            ? 'statusCode'
            : undefined
    return {
      shape: this.#enum(structure, name) ?? this.#shape(target),
      ...(locationName && { locationName }),
      ...(location === 'uri' && { locationName: name }),
      ...(queryName && { queryName }),
      ...(location && { location }),
      ...(traits.idempotencyToken !== undefined && { idempotencyToken: true }),
      ...(traits.xmlFlattened !== undefined && { flattened: true }),
    }
  }

  /** Enums are plain strings in the schemas; the members' declared types name them, and the client exports them. */
  #enum(structure: string, member: string): string | undefined {
    const declared = this.#declarations().get(structure)?.get(member)
    const values = declared === undefined ? undefined : this.#client[declared]
    if (declared === undefined || typeof values !== 'object' || values === null || isSchema(values))
      return undefined
    this.#shapes[declared] ??= { type: 'string', enum: Object.values(values).map(String) }
    return declared
  }

  #declared: Map<string, Map<string, string>> | undefined
  #declarations(): Map<string, Map<string, string>> {
    if (this.#declared) return this.#declared
    this.#declared = new Map()
    for (const file of [
      'models_0',
      'models_1',
      'models_2',
      'models_3',
      'models_4',
      'models_5',
      'models_6',
      'models_7',
    ]) {
      let text: string
      try {
        text = readFileSync(join(this.#types, 'models', `${file}.d.ts`), 'utf8')
      } catch {
        continue
      }
      for (const [, name, body] of text.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm)) {
        const members = new Map<string, string>()
        for (const [, member, type] of body!.matchAll(/^ {4}(\w+)\??: (\w+)(?: \| undefined)?;/gm))
          members.set(member!, type!)
        this.#declared.set(name!, members)
      }
    }
    return this.#declared
  }

  /** The name of the shape that a reference means, made where there is none yet. */
  #shape(reference: unknown): string {
    const target = resolve(reference)
    if (typeof target === 'number') return this.#simple(target)
    if (!isSchema(target)) throw new Error(`a reference to ${String(target)}`)
    const name = String(target[2])
    const sensitive = traitsOf(target[3]).sensitive !== undefined && { sensitive: true }
    if (structureKinds.includes(target[0])) return this.#structure(target)
    if (this.#shapes[name]) return name
    if (target[0] === 0) {
      const base = this.#shapes[this.#simple(Number(target[4]))]!
      this.#shapes[name] = { ...base, ...sensitive }
    } else if (target[0] === 1) {
      const [element, traits] = memberReference(target[4])
      this.#shapes[name] = { type: 'list', member: named(this.#shape(element), traits), ...sensitive }
    } else if (target[0] === 2) {
      const [key, keyTraits] = memberReference(target[4])
      const [value, valueTraits] = memberReference(target[5])
      this.#shapes[name] = {
        type: 'map',
        key: named(this.#shape(key), keyTraits),
        value: named(this.#shape(value), valueTraits),
        ...sensitive,
      }
    } else throw new Error(`a schema of kind ${String(target[0])}`)
    return name
  }

  /** Simple types are bit codes; 64 marks a list of one, 128 a map to one. The names are ours. */
  #simple(code: number): string {
    if (code & 64) {
      const member = { shape: this.#simple(code & ~64) }
      return this.#put(`ListOf${member.shape}`, { type: 'list', member })
    }
    if (code & 128) {
      const value = { shape: this.#simple(code & ~128) }
      return this.#put(`MapOf${value.shape}`, { type: 'map', key: { shape: this.#simple(0) }, value })
    }
    switch (code) {
      case 0:
        return this.#put('SdkString', { type: 'string' })
      case 1:
        return this.#put('SdkInteger', { type: 'integer' }) // the schemas do not tell integers from reals; see the overlay
      case 2:
        return this.#put('SdkBoolean', { type: 'boolean' })
      case 4:
        return this.#put('SdkTimestamp', { type: 'timestamp' })
      case 5:
        return this.#put('SdkDateTime', { type: 'timestamp', timestampFormat: 'iso8601' })
      case 6:
        return this.#put('SdkHttpDate', { type: 'timestamp', timestampFormat: 'rfc822' })
      case 7:
        return this.#put('SdkEpochSeconds', { type: 'timestamp', timestampFormat: 'unixTimestamp' })
      case 15:
        return this.#put('SdkDocument', { type: 'document' })
      case 21:
      case 42:
        return this.#put('SdkBlob', { type: 'blob', ...(code === 42 && { streaming: true }) })
      default:
        throw new Error(`a simple type of code ${code}`)
    }
  }

  #put(name: string, shape: Shape): string {
    this.#shapes[name] ??= shape
    return name
  }
}

function named(shape: string, traits: Traits): Member {
  const name = traits.xmlName
  return { shape, ...(typeof name === 'string' && { locationName: name }) }
}

function errorOf(traits: Traits, name: string): { code: string; status: number; sender: boolean } {
  const [code, status] = (traits.awsQueryError as [string, number] | undefined) ?? [name, undefined] // the SDK's form of the trait
  const sender = traits.error !== 'server'
  return { code, status: status ?? Number(traits.httpError ?? (sender ? 400 : 500)), sender }
}

function isSchema(value: unknown): value is Schema {
  return Array.isArray(value) && typeof value[0] === 'number' && value.length >= 5
}

function resolve(reference: unknown): unknown {
  return typeof reference === 'function' ? reference() : reference
}

function memberReference(reference: unknown): [unknown, Traits] {
  if (Array.isArray(reference) && !isSchema(reference)) return [reference[0], traitsOf(reference[1])]
  return [reference, {}]
}

const traitBits = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const

/** Traits are a record, or the common ones as bits of a number. */
function traitsOf(traits: unknown): Traits {
  if (typeof traits === 'number') {
    return Object.fromEntries(traitBits.filter((_, bit) => traits & (1 << bit)).map((name) => [name, 1]))
  }
  return (traits ?? {}) as Traits // a record by the schemas' form
}
