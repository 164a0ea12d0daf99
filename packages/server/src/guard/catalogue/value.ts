import { asRecord, type Input, Unreadable } from './input.ts'
import type { PackedMember, PackedMembers } from './packed.ts'
import { checkSpelling } from './spelling.ts'

/** Reads the members of a structure of JSON or CBOR. */
export function readValueMembers(members: PackedMembers, value: unknown): Input {
  const structure = asRecord(value)
  if (structure === undefined) throw new Unreadable('A structure is missing')
  const input: Record<string, unknown> = {}
  checkSpelling(Object.keys(structure), members, (name, { as = name }) => as)
  for (const [name, member] of Object.entries(members)) {
    const wireName = member.as ?? name
    if (!Object.hasOwn(structure, wireName)) continue
    const content = structure[wireName]
    if (content !== null && content !== undefined) input[name] = readValue(member, content)
  }
  return input
}

function readValue(member: PackedMember, value: unknown): unknown {
  if (member.members !== undefined) return readValueMembers(member.members, value)
  const { list, map } = member
  if (list !== undefined) {
    if (!Array.isArray(value)) throw new Unreadable('A list is missing')
    return value.filter((item) => item !== null).map((item) => readValue(list, item))
  }
  if (map !== undefined) {
    const record = asRecord(value)
    if (record === undefined) throw new Unreadable('A map is missing')
    return Object.fromEntries(
      Object.entries(record)
        .filter(([, item]) => item !== null && item !== undefined)
        .map(([key, item]) => [key, readValue(map, item)]),
    )
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'object') throw new Unreadable('A text is missing')
  return String(value)
}
