import { Unreadable } from './input.ts'
import type { PackedMember, PackedMembers } from './packed.ts'

/** Wire names of a structure's members by their lower case, worked out once. */
const spellings = new WeakMap<PackedMembers, ReadonlyMap<string, readonly string[]>>()

/**
 * Refuses names that differ from a member's name only in case: some parsers read them as that member (behaviour
 * GRD-21). @param nameOf the wire name of a member, always the same for one structure @throws Unreadable if there is
 * one
 */
export function checkSpelling(
  names: Iterable<string>,
  members: PackedMembers,
  nameOf: (name: string, member: PackedMember) => string,
): void {
  let known = spellings.get(members)
  if (known === undefined) {
    const wireNames = Object.entries(members).map(([name, member]) => nameOf(name, member))
    known = Map.groupBy(wireNames, folded)
    spellings.set(members, known)
  }
  for (const name of names) {
    const meant = known.get(folded(name))
    if (meant !== undefined && !meant.includes(name)) throw new Unreadable(`${name} is spelled ${meant[0]}`)
  }
}

/** A name without case, as Unicode-aware readers compare it: `ſ` becomes s, and the Kelvin sign k. */
export function folded(name: string): string {
  return name.toUpperCase().toLowerCase()
}
