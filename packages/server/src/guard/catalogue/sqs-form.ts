import { perObject } from '../../base/index.ts'
import type { FormNode } from '../../wire/index.ts'
import { readFormMembers } from './form.ts'
import { type Input, Unreadable } from './input.ts'
import type { PackedMember, PackedMembers } from './packed.ts'
import { folded } from './spelling.ts'

/**
 * The names that members have in the forms of Amazon SQS. Its model is of its JSON protocol, and names them otherwise
 * (behaviour GRD-532).
 */
const formed: Readonly<Record<string, PackedMember>> = {
  tags: { as: 'Tag', flat: true, key: 'Key', map: { as: 'Value' } },
  Tags: { as: 'Tag', flat: true, key: 'Key', map: { as: 'Value' } },
  TagKeys: { flat: true, list: { as: 'TagKey' } },
}

/** Reads the members of a call of SQS from its form. @throws Unreadable if one has its name in JSON */
export function readSqsForm(members: PackedMembers, form: FormNode): Input {
  for (const name of form.children?.keys() ?? [])
    for (const member in members)
      if (Object.hasOwn(formed, member) && folded(member) === folded(name))
        throw new Unreadable(`${name} is no name in a form of Amazon SQS`)
  return readFormMembers(formedOf(members), form, false)
}

const formedOf = perObject(
  (members: PackedMembers): PackedMembers =>
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, formed[name] ?? member] as const),
    ),
)
