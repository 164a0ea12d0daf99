import { guardDependents, guardKeys } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { PackedMember, PackedMembers } from '../../packages/server/src/guard/catalogue/index.ts'
import type { WrittenKey, WrittenNeed, WrittenOperation, WrittenOperations } from './notation.ts'

/** What one operation asks for beside its own actions. */
interface Dependents {
  readonly reads: PackedMembers
  readonly asks: readonly WrittenNeed[]
  readonly acting: boolean
}

/** By service, then by operation. */
let table: ReadonlyMap<string, ReadonlyMap<string, Dependents>> | undefined

/** The operations of a service with what they ask for beside their own actions (behaviours GRD-53 and GRD-54). */
export function withDependents(service: string, operations: WrittenOperations): WrittenOperations {
  table ??= read()
  const own = table.get(service)
  if (own === undefined) return operations
  const changed = [...own].flatMap(([name, dependents]) => {
    const packed = operations[name]
    // of an operation whose own action is not known, nothing is decided anyway
    return packed?.asks === undefined ? [] : [[name, added(packed, dependents)] as const]
  })
  return { ...operations, ...Object.fromEntries(changed) }
}

function added(packed: WrittenOperation, { reads, asks, acting }: Dependents): WrittenOperation {
  return {
    ...packed,
    input: merged(packed.input ?? {}, reads),
    asks: [...(packed.asks ?? []), ...asks.map((need) => ({ ...need, beside: true as const }))],
    ...(acting && { acting: true }),
  }
}

function merged(members: PackedMembers, more: PackedMembers): PackedMembers {
  const both = Object.entries(more).map(([name, member]) => {
    const known = members[name]
    return [name, known === undefined ? member : mergedMember(known, member)] as const
  })
  return { ...members, ...Object.fromEntries(both) }
}

function mergedMember(known: PackedMember, more: PackedMember): PackedMember {
  return {
    ...more,
    ...known,
    ...(more.members !== undefined && { members: merged(known.members ?? {}, more.members) }),
    ...(more.list !== undefined && { list: mergedMember(known.list ?? {}, more.list) }),
  }
}

function read(): ReadonlyMap<string, ReadonlyMap<string, Dependents>> {
  const { asked, acting, listed } = guardDependents<PackedMembers, WrittenNeed>()
  const found = new Map<string, Map<string, Dependents>>()
  const add = (service: string, names: string, more: Partial<Dependents>) => {
    const operations = found.get(service) ?? new Map<string, Dependents>()
    found.set(service, operations)
    for (const name of names.split(' ')) {
      const { reads, asks, acting } = operations.get(name) ?? { reads: {}, asks: [], acting: false }
      operations.set(name, {
        reads: { ...reads, ...more.reads },
        asks: [...asks, ...(more.asks ?? [])],
        acting: acting || more.acting === true,
      })
    }
  }
  for (const [service, { operations }] of Object.entries(asked))
    for (const [names, row] of Object.entries(operations)) add(service, names, row)
  const keys = guardKeys<PackedMembers>()
  for (const [service, { operations, context, refused: common }] of Object.entries(keys.services))
    for (const [names, { reads, asks }] of Object.entries(operations))
      add(service, names, {
        reads: reads ?? {},
        asks: asks.map(({ key: { refused = common, ...key }, ...need }) => ({
          ...need,
          key: { ...(context && { context }), ...(key as WrittenKey) }, // its words are checked by the type of the pack in a test
          ...(refused !== undefined && { refused: keys.refusals[refused]! }),
        })),
      })
  for (const [service, { operations }] of Object.entries(acting)) add(service, operations, { acting: true })
  for (const [service, rows] of Object.entries(listed))
    for (const [names, actions] of Object.entries(rows))
      add(service, names, { asks: actions.map((action) => ({ action })) })
  return found
}
