import type { PackedMember, PackedMembers } from '../../packages/server/src/guard/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import { isPlace, stepsOf } from './place.ts'
import type { RawOperation } from './raw.ts'

type Shapes = RawModel['shapes']
type RawShape = Shapes[string]
type RawMember = NonNullable<RawShape['members']>[string]

/** The members of an operation's input that stand at these places; places that it has not are left out. */
export function inputOf(
  { shapes }: RawModel,
  operation: RawOperation,
  places: readonly string[],
): PackedMembers | undefined {
  const shape = operation.input && shapes[operation.input.shape]
  if (shape === undefined) return undefined
  const tree = treeOf(places.map(stepsOf))
  const members = membersOf(shapes, shape, tree, shape.payload)
  return Object.keys(members).length === 0 ? undefined : members
}

/** Whether an operation's input has a text, or texts, at this place. */
export function hasPlace({ shapes }: RawModel, operation: RawOperation, place: string): boolean {
  if (!isPlace(place)) return false
  let shape = operation.input && shapes[operation.input.shape]
  for (const step of stepsOf(place)) {
    if (shape === undefined) return false
    if (step === '[]') shape = shape.type === 'list' ? shapes[shape.member!.shape] : undefined
    else if (step.startsWith('{')) shape = shape.type === 'map' ? shapes[shape.value!.shape] : undefined
    else shape = shape.members?.[step] && shapes[shape.members[step].shape]
  }
  return shape !== undefined
}

type Tree = Map<string, Tree>

function treeOf(paths: readonly (readonly string[])[]): Tree {
  const root: Tree = new Map()
  for (const path of paths) {
    let node = root
    for (const step of path) {
      const child: Tree = node.get(step) ?? new Map()
      node.set(step, child)
      node = child
    }
  }
  return root
}

function membersOf(shapes: Shapes, shape: RawShape, tree: Tree, payload?: string): PackedMembers {
  const members: Record<string, PackedMember> = {}
  for (const [name, inner] of tree) {
    const member = shape.members?.[name]
    if (member === undefined) continue
    members[name] = {
      ...(payload === name && { in: 'payload' }),
      ...locationOf(member),
      ...memberOf(shapes, member, inner),
    }
  }
  return members
}

const locations = { uri: 'uri', querystring: 'query', header: 'header', headers: 'headers' } as const

function locationOf({ location }: RawMember): Pick<PackedMember, 'in'> {
  return location === undefined || location === 'statusCode' ? {} : { in: locations[location] }
}

function memberOf(shapes: Shapes, member: RawMember, tree: Tree): PackedMember {
  const shape = shapes[member.shape]!
  return {
    ...(member.locationName !== undefined && { as: member.locationName }),
    ...(member.queryName !== undefined && { query: member.queryName }),
    ...((member.flattened || shape.flattened) && { flat: true }),
    ...contentOf(shapes, shape, tree),
  }
}

function contentOf(shapes: Shapes, shape: RawShape, tree: Tree): PackedMember {
  switch (shape.type) {
    case 'structure':
      return { members: membersOf(shapes, shape, tree) }
    case 'list':
      return { list: memberOf(shapes, shape.member!, tree.get('[]') ?? new Map()) }
    case 'map': {
      const key = shape.key!.locationName
      return {
        map: memberOf(shapes, shape.value!, tree.get('{}') ?? new Map()),
        ...(key !== undefined && { key }),
      }
    }
    default:
      return {}
  }
}
