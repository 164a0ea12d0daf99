import type { PackedMember, PackedMembers } from '../../packages/server/src/guard/catalogue/index.ts'

type Values = Readonly<Record<string, unknown>>

/** Where what was read of an input is not what it was written from; bytes and instants are not compared. */
export function differences(
  members: PackedMembers,
  read: Values,
  written: Values,
  place = '',
): readonly string[] {
  return Object.entries(members).flatMap(([name, member]) =>
    ofMember(member, read[name], written[name], place === '' ? name : `${place}.${name}`),
  )
}

function ofMember(member: PackedMember, read: unknown, written: unknown, place: string): readonly string[] {
  // Headers under a prefix are no member that anything is asked about.
  if (written === undefined || written === null || member.in === 'headers') return []
  const { members, list, map } = member
  // A form has no word for a structure without content, nor for one of nothing but those.
  if ((members !== undefined || list !== undefined) && isEmpty(written)) return []
  if (members !== undefined) {
    return isRecord(read)
      ? differences(members, read, asRecord(written), place)
      : [`${place} is no structure`]
  }
  if (list !== undefined) {
    if (!Array.isArray(read) || !Array.isArray(written)) return [`${place} is no list`]
    return written.flatMap((item, index) => ofMember(list, read[index], item, `${place}[${index}]`))
  }
  if (map !== undefined) {
    if (!isRecord(read)) return [`${place} is no map`]
    return Object.entries(asRecord(written)).flatMap(([key, item]) =>
      ofMember(map, read[key], item, `${place}{${key}}`),
    )
  }
  const same =
    String(written) === read ||
    (typeof written === 'number' && Number(read) === written) ||
    // Older ones write Python's own words into headers.
    (typeof written === 'boolean' && String(written) === String(read).toLowerCase())
  return same ? [] : [`${place} is ${JSON.stringify(read)} for ${JSON.stringify(written)}`]
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty)
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asRecord(value: unknown): Values {
  return isRecord(value) ? value : {}
}
