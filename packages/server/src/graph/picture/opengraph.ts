import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { accountOfArn, principalOf, type World } from '../world/world.ts'
import { goal, kindOfArn, type Relation } from './relation.ts'
import type { View } from './view.ts'

/** The kind that every node of this source has. */
const sourceKind = 'Omen'

const nodeKinds: Readonly<Record<string, string>> = {
  user: 'AWS_User',
  role: 'AWS_Role',
  federated: 'AWS_IdentityProvider',
  service: 'AWS_Service',
  account: 'AWS_Account',
}

/**
 * Relations in the form that BloodHound takes in: kinds of nodes are at most three, properties are flat and have
 * lower-case names, no property is called objectid. Principals are not folded: the file is data, not a drawing.
 */
export function openGraphOf(world: World, view: View, table: TechniqueTable): string {
  const names = [
    ...new Set(view.relations.flatMap(({ from, to }) => [from, to === goal ? goalOf(world, from) : to])),
  ].sort()
  const kinds = relationshipKinds(table)
  const graph = {
    nodes: names.map((name) => nodeOf(world, name)),
    edges: view.relations.flatMap((relation) => edgesOf(world, relation, kinds)),
  }
  return `${JSON.stringify({ metadata: { source_kind: sourceKind }, graph }, undefined, 2)}\n`
}

function nodeOf(world: World, name: string) {
  if (name.startsWith(goalPrefix)) {
    const account = name.slice(goalPrefix.length)
    return {
      id: name,
      kinds: ['Omen_Administrator', sourceKind],
      properties: { name: `administrator of ${account}`, account },
    }
  }
  const principal = principalOf(world, name)
  const kind = principal?.type ?? kindOfArn(name) ?? 'role'
  return {
    id: name,
    kinds: [nodeKinds[kind] ?? 'AWS_Role', sourceKind],
    properties: {
      name: principal?.name ?? name,
      arn: name,
      account: principal?.account ?? (accountOfArn(name) || world.account),
      ...(principal?.id === undefined ? {} : { uniqueid: principal.id }),
      ...(principal?.boundary === undefined ? {} : { boundary: principal.boundary }),
      ...(principal !== undefined && principal.attached.length > 0 ? { attached: principal.attached } : {}),
    },
  }
}

/** One relationship for each kind; BloodHound's kinds where they mean the same, and only where it is proven. */
function edgesOf(world: World, { from, to, verdict, ways }: Relation, kinds: ReadonlyMap<string, string>) {
  const byKind = Map.groupBy(ways, (way) => {
    const own = `Omen_${verdict === 'proven' ? '' : `${verdict}_`}${way.replace(/[^A-Za-z0-9]+/g, '_')}`
    return verdict === 'proven' ? (kinds.get(way) ?? own) : own
  })
  const id = (name: string): string => (name === goal ? goalOf(world, from) : name)
  return [...byKind].map(([kind, all]) => ({
    kind,
    start: { value: id(from), match_by: 'id' },
    end: { value: id(to), match_by: 'id' },
    properties: { verdict, techniques: all, traversable: verdict === 'proven' },
  }))
}

const goalPrefix = 'omen-administrator-'

/** The administrator of the account of a principal. */
function goalOf({ account }: World, from: string): string {
  return `${goalPrefix}${accountOfArn(from) || account}`
}

/**
 * The relationship kinds of GoAWSHound, by technique: those of techniques that have exactly one, and that are about
 * another principal (a kind of its own policy is not).
 */
function relationshipKinds({ techniques }: TechniqueTable): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { id, sources } of techniques) {
    const named = sources.flatMap((each) => /^goawshound:(AWS_\w+)$/.exec(each)?.[1] ?? [])
    const [kind] = named
    if (named.length === 1 && kind !== undefined && !/Self|Admin/.test(kind)) found.set(id, kind)
  }
  return found
}
