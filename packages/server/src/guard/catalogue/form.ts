import type { FormNode } from '../../wire/index.ts'
import { type Input, mapOf, Unreadable } from './input.ts'
import type { PackedMember, PackedMembers } from './packed.ts'
import { checkSpelling } from './spelling.ts'

/** Reads the members of a structure from the parameters of a form; EC2 has names and lists of its own. */
export function readFormMembers(members: PackedMembers, node: FormNode, ec2: boolean): Input {
  const input: Record<string, unknown> = {}
  if (node.children !== undefined)
    checkSpelling(node.children.keys(), members, (name, member) => wireName(name, member, ec2))
  for (const [name, member] of Object.entries(members)) {
    const child = node.children?.get(wireName(name, member, ec2))
    if (child !== undefined) input[name] = readNode(member, child, ec2)
  }
  return input
}

function wireName(name: string, member: PackedMember, ec2: boolean): string {
  if (ec2) {
    if (member.query !== undefined) return member.query
    const given = member.as ?? name
    return given[0]!.toUpperCase() + given.slice(1)
  }
  if (member.list !== undefined && member.flat) return member.list.as ?? member.as ?? name
  return member.as ?? name
}

function readNode(member: PackedMember, node: FormNode, ec2: boolean): unknown {
  const { members, list, map } = member
  if (members !== undefined) return readFormMembers(members, node, ec2)
  const flat = ec2 || member.flat === true
  if (list !== undefined) {
    return numbered(node, flat ? undefined : (list.as ?? 'member')).map((item) => readNode(list, item, ec2))
  }
  if (map !== undefined) {
    const entries = numbered(node, flat ? undefined : 'entry').map((entry): [string, unknown] => {
      const key = entry.children?.get(member.key ?? 'key')?.value
      const value = entry.children?.get(map.as ?? 'value')
      if (key === undefined || value === undefined) throw new Unreadable(`${entry.name} is no entry`)
      return [key, readNode(map, value, ec2)]
    })
    return mapOf(entries)
  }
  if (node.value === undefined || node.children !== undefined) throw new Unreadable(`${node.name} is no text`)
  return node.value
}

function numbered(node: FormNode, inner: string | undefined): readonly FormNode[] {
  if (node.value === '' && node.children === undefined) return []
  const holder = inner === undefined ? node : node.children?.get(inner)
  if (
    node.value !== undefined ||
    holder?.children === undefined ||
    (inner !== undefined && node.children?.size !== 1)
  ) {
    throw new Unreadable(`${node.name} is no list`)
  }
  return [...holder.children]
    .map(([key, child]) => {
      if (!/^[1-9]\d{0,8}$/.test(key)) throw new Unreadable(`${child.name} is not numbered from 1`)
      return [Number(key), child] as const
    })
    .sort(([a], [b]) => a - b)
    .map(([, child]) => child)
}
