import { Fault } from '../../base/index.ts'
import {
  type Member,
  type ServiceModel,
  type Shape,
  type StructureShape,
  shapeNamed,
} from '../../model/index.ts'
import { refuseOmittedMembers } from '../common-fault.ts'
import { scalarReader } from '../scalar.ts'
import type { FormNode } from './form.ts'

type Reader = (node: FormNode) => unknown

/** Compiles the shapes of a service to functions that read a form's tree; each structure once. */
export class FormReaders {
  readonly #service: ServiceModel
  readonly #ec2: boolean
  readonly #structures = new Map<StructureShape, (node: FormNode) => Record<string, unknown>>()

  constructor(service: ServiceModel) {
    this.#service = service
    this.#ec2 = service.protocol === 'ec2Query'
  }

  /** Returns the reader of a structure's members from the children of a node. */
  structure(shape: StructureShape): (node: FormNode) => Record<string, unknown> {
    const known = this.#structures.get(shape)
    if (known) return known
    let members: readonly (readonly [name: string, wireName: string, read: Reader])[] | undefined
    const read = (node: FormNode): Record<string, unknown> => {
      members ??= Object.entries(shape.members).map(([name, member]) => [
        name,
        this.#wireName(name, member),
        this.#member(member),
      ])
      const structure: Record<string, unknown> = {}
      const { children } = node
      if (!children) {
        if (node.value === '') return structure
        throw malformed(node, 'a structure')
      }
      let found = 0
      for (const [name, wireName, readMember] of members) {
        const child = children.get(wireName)
        if (!child) continue
        found++
        structure[name] = readMember(child)
      }
      if (found < children.size) {
        if (this.#ec2) refuseUnknown(children, members)
        else refuseOmittedMembers(this.#service, shape.members, (name) => children.has(name))
      }
      return structure
    }
    this.#structures.set(shape, read)
    return read
  }

  #wireName(name: string, member: Member): string {
    if (!this.#ec2) {
      const shape = shapeNamed(this.#service, member.shape)
      if (shape.type === 'list' && this.#isFlattened(member, shape)) {
        return shape.member.locationName ?? member.locationName ?? name
      }
      return member.locationName ?? name
    }
    if (member.queryName) return member.queryName
    const given = member.locationName ?? name
    return given[0]!.toUpperCase() + given.slice(1)
  }

  #isFlattened(member: Member, shape: Shape): boolean {
    return this.#ec2 || member.flattened === true || ('flattened' in shape && shape.flattened === true)
  }

  #member(member: Member): Reader {
    const shape = shapeNamed(this.#service, member.shape)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list': {
        const inner = this.#isFlattened(member, shape) ? undefined : (shape.member.locationName ?? 'member')
        const read = this.#member(shape.member)
        if (this.#ec2) return (node) => numbered(node, inner).map(read)
        const isScalar = !('members' in shapeNamed(this.#service, shape.member.shape))
        const isNeverEmpty = (shape.min ?? 0) > 0
        return (node) => {
          const items = indexed(node, inner, isScalar)
          // an empty list reads as none where one must not be empty (behaviour WIRE-90)
          if (items.length === 0 && isNeverEmpty) return undefined
          return items.map((item) => (item === undefined ? (isScalar ? null : {}) : read(item)))
        }
      }
      case 'map': {
        const inner = this.#isFlattened(member, shape) ? undefined : 'entry'
        const [key, value] = [shape.key.locationName ?? 'key', shape.value.locationName ?? 'value']
        const read = this.#member(shape.value)
        const isNeverEmpty = !this.#ec2 && (shape.min ?? 0) > 0
        return (node) => {
          const entries = numbered(node, inner)
          if (entries.length === 0 && isNeverEmpty) return undefined
          return Object.fromEntries(entries.map((entry) => readEntry(entry, key, value, read)))
        }
      }
      case 'document':
        throw new Error(`${member.shape}: the query protocols have no documents`)
      default: {
        const read = shape.type === 'boolean' && !this.#ec2 ? queryBoolean : scalarReader(shape.type)
        const what = `${shape.type === 'integer' ? 'an' : 'a'} ${shape.type}`
        return (node) => {
          const value = node.value === undefined || node.children ? undefined : read(node.value)
          if (value === undefined) throw malformed(node, what)
          return value
        }
      }
    }
  }
}

function readEntry(entry: FormNode, key: string, value: string, read: Reader): [string, unknown] {
  const [keyNode, valueNode] = [entry.children?.get(key), entry.children?.get(value)]
  if (keyNode?.value === undefined || !valueNode) throw malformed(entry, `a ${key} and a ${value}`)
  return [keyNode.value, read(valueNode)]
}

/** The truth values of awsQuery: small letters or digits (behaviour WIRE-86). */
const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

function queryBoolean(text: string): boolean | undefined {
  return truths.get(text)
}

/** The most elements of a list that its numbers may skip. */
const mostSkipped = 10

/**
 * Returns the children of a list of awsQuery by their numbers; undefined where a number is skipped, or where a child
 * has a name instead (behaviours WIRE-87 to WIRE-89).
 */
function indexed(
  node: FormNode,
  inner: string | undefined,
  isScalar: boolean,
): readonly (FormNode | undefined)[] {
  const byNumber = new Map<number, FormNode>()
  let isNamed = false
  for (const [key, child] of childrenOf(node, inner)) {
    if (key.startsWith('-')) throw unfit(`Key ${key} may not have a leading '-'`)
    if (!/^\d{1,9}$/.test(key)) {
      if (isScalar) throw unfit('Start of list found where not expected')
      isNamed = true
      continue
    }
    const number = Number(key)
    if (number === 0) throw unfit('0 is not a valid index')
    for (const name of child.children?.keys() ?? []) {
      if (/^\d+$/.test(name)) throw unfit('Two index elements may not occur back to back')
    }
    const known = byNumber.get(number)
    byNumber.set(number, known === undefined ? child : joined(known, child))
  }
  const items: (FormNode | undefined)[] = isNamed ? [undefined] : []
  let last = 1
  for (const number of [...byNumber.keys()].sort((a, b) => a - b)) {
    const skipped = number - last
    if (skipped > mostSkipped) throw unfit(`Excessively sparse input would skip ${skipped} list elements`)
    while (items.length < number) items.push(undefined)
    items[number - 1] = byNumber.get(number)
    last = number
  }
  return items
}

/** Joins the members of an element whose number is spelt in two ways, such as 1 and 01. */
function joined(one: FormNode, other: FormNode): FormNode {
  for (const name of other.children?.keys() ?? ['']) {
    if (name === '' || one.children === undefined || one.children.has(name))
      throw new Fault('InvalidQueryParameter', `The parameter ${one.name} is given more than once`, 400)
  }
  return { ...one, children: new Map([...(one.children ?? []), ...(other.children ?? [])]) }
}

/** Returns the children of a list or map by their keys. */
function childrenOf(node: FormNode, inner: string | undefined): ReadonlyMap<string, FormNode> {
  if (node.value !== undefined) {
    if (node.value === '' && !node.children) return new Map()
    throw malformed(node, 'a list')
  }
  const holder = inner === undefined ? node : node.children?.get(inner)
  if (!holder?.children || (inner !== undefined && node.children?.size !== 1)) throw malformed(node, 'a list')
  return holder.children
}

/**
 * Returns the numbered children of a map, or of a list of EC2, in the order of their numbers, without gaps (behaviour
 * WIRE-33).
 */
function numbered(node: FormNode, inner: string | undefined): readonly FormNode[] {
  const items: { readonly index: number; readonly node: FormNode }[] = []
  let ordered = true
  let last = -1
  for (const [key, child] of childrenOf(node, inner)) {
    if (!/^(?:0|[1-9]\d{0,8})$/.test(key)) throw malformed(child, 'numbered')
    const index = Number(key)
    if (index <= last) ordered = false
    last = index
    items.push({ index, node: child })
  }
  if (!ordered) items.sort((a, b) => a.index - b.index)
  return items.map((item) => item.node)
}

/** Parameters of the protocol and the signature, not of the operation. */
const reserved =
  /^(?:Action|Version|AWSAccessKeyId|Signature|SignatureMethod|SignatureVersion|SecurityToken|Timestamp|Expires|X-Amz-[A-Za-z0-9-]+)$/

function refuseUnknown(
  children: ReadonlyMap<string, FormNode>,
  members: readonly (readonly [name: string, wireName: string, read: Reader])[],
): void {
  const names = new Set(members.map(([, wireName]) => wireName))
  for (const [key, child] of children) {
    if (names.has(key) || (child.name === key && reserved.test(key))) continue
    throw new Fault('UnknownParameter', `The parameter ${child.name} is not recognized`, 400)
  }
}

function unfit(message: string): Fault {
  return new Fault('MalformedInput', message, 400)
}

function malformed(node: FormNode, expected: string): Fault {
  return new Fault('MalformedInput', `The parameter ${node.name} is not ${expected}`, 400)
}
