import { perObject } from '../../base/index.ts'
import type { IdentifiedCall } from './call.ts'
import { type Input, Unreadable } from './input.ts'
import type { PackedMember, PackedOperation } from './packed.ts'
import { carelessNames } from './plain-request.ts'
import { queryOf } from './query.ts'
import { folded } from './spelling.ts'

/** Members by name, unless the name belongs to a place. */
interface Elsewhere {
  /** The parameters of the query string that are read, by their names without case. */
  readonly spelled: ReadonlyMap<string, string>
  readonly inQuery: ReadonlyMap<string, string>
  readonly inBody: ReadonlyMap<string, string>
}

/** Of apigateway's PutIntegration a member of the body is called as one of the path is. */
const ofBoth = 'httpmethod'

const elsewhereOf = perObject(({ input = {}, http = '' }: PackedOperation): Elsewhere => {
  const members = Object.entries(input)
  const inside = members.flatMap(([, { in: place, members: content = {} }]) =>
    place === 'payload' ? Object.entries(content) : [],
  )
  const [, constants = ''] = http.split('?', 2)
  const inQuery = namesOf([...members.filter(([, { in: place }]) => place !== 'query'), ...inside])
  for (const pair of constants.split('&')) inQuery.delete(sameAs(pair.split('=', 1)[0]!))
  const read = members.flatMap(([name, { in: place, as = name }]) => (place === 'query' ? [as] : []))
  for (const parameter of read) inQuery.delete(sameAs(parameter))
  const inBody = namesOf(members.filter(([, { in: place }]) => place !== undefined && place !== 'payload'))
  for (const [name, { in: place, as = name }] of members) if (place === undefined) inBody.delete(sameAs(as))
  inBody.delete(ofBoth)
  return { spelled: new Map(read.map((parameter) => [folded(parameter), parameter])), inQuery, inBody }
})

function namesOf(members: readonly (readonly [string, PackedMember])[]): Map<string, string> {
  return new Map(members.flatMap(([name, { as = name }]) => [name, as].map((one) => [sameAs(one), name])))
}

/** A name in the form in which lenient readers compare spellings: `clusterName`, `cluster-name`. */
function sameAs(name: string): string {
  return folded(name).replace(/[-_.]/g, '')
}

/**
 * Refuses a call by path that names its resource a second time, differently, where its operation does not read it, or
 * spells a parameter of its query string in another case (behaviour GRD-21).
 * Some endpoints take any parameter from the query string first, then from the body, and from the path last (behaviour
 * GRD-42). @param given the members of its body @throws Unreadable if the call does so
 */
export function checkElsewhere(
  { packed, request, service }: IdentifiedCall,
  input: Input,
  given: readonly (readonly [name: string, value: unknown])[],
): void {
  // S3 headers may be in the query string, and what distinguishes its operations was checked before
  if (service.signs.startsWith('s3')) return
  const { spelled, inQuery, inBody } = elsewhereOf(packed)
  const query = queryOf(request.rawQuery)
  for (const name of query?.keys() ?? []) {
    const meant = spelled.get(folded(name))
    if (meant !== undefined && meant !== name) throw new Unreadable(`${name} is spelled ${meant}`)
  }
  for (const name of carelessNames(request.rawQuery)) {
    const member = inQuery.get(sameAs(name))
    if (member !== undefined && query?.get(name)?.join() !== input[member])
      throw new Unreadable(`${name} is given in the query string`)
  }
  for (const [name, value] of given) {
    const member = inBody.get(sameAs(name))
    if (member !== undefined && value !== input[member]) throw new Unreadable(`${name} is given in the body`)
  }
}
