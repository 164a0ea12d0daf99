import { type PolicySource, parsePolicy } from '@omen-iam/policy'
import { listOf, objectOf, textOf } from './file-value.ts'
import { WorldProblem } from './problem.ts'
import { noOrganization, type Organization } from './world.ts'

/** The facts about the organization of each account. */
export type Organizations = (account: string) => Organization

/** A policy of an organization. */
interface PolicyNode {
  readonly scps: readonly PolicySource[] | undefined
  readonly rcps: readonly PolicySource[] | undefined
}

/** Units nest five deep at AWS. */
const deepest = 20

/**
 * Reads an organization: `{scps, rcps, id}` with a list a level for every account, `{accounts: {NUMBER: {scps, rcps,
 * id, path}}}`, or the tree: `{id, rootId, managementAccount, scps, rcps, accounts, units}`, in which units have `id`,
 * `name`, `scps`, `rcps`, `accounts` and `units` of their own. @throws WorldProblem if the value is not of that form
 */
export function readOrganizations(value: unknown): Organizations {
  const file = objectOf(value, 'The organization')
  if (Array.isArray(file.accounts) || file.units !== undefined) return new Tree(file).read()
  if (file.accounts !== undefined) {
    const known = new Map(
      Object.entries(objectOf(file.accounts, 'accounts')).map(([account, own]) => [
        account,
        readOrganization({
          id: file.id,
          managementAccount: file.managementAccount,
          ...objectOf(own, account),
        }),
      ]),
    )
    return (account) => known.get(account) ?? noOrganization
  }
  const all = readOrganization(file)
  return () => all
}

/** Reads the policies of the organization for one account. @throws WorldProblem if the value is not of that form */
export function readOrganization(value: unknown): Organization {
  const { scps, rcps, id, path, managementAccount, isNone } = objectOf(value, 'The organization')
  return {
    scps: scps === undefined ? undefined : levelsOf(scps, 'scp'),
    rcps: rcps === undefined ? undefined : levelsOf(rcps, 'rcp'),
    id: textOf(id),
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof managementAccount === 'string' ? { managementAccount } : {}),
    ...(isNone === true ? { isNone } : {}),
  }
}

type Node = Readonly<Record<string, unknown>>

/** A tree of an organization. */
class Tree {
  readonly #root: Node
  readonly #found = new Map<string, Organization>()

  constructor(root: Node) {
    this.#root = root
  }

  read(): Organizations {
    const { id, rootId, managementAccount } = this.#root
    const first = typeof id === 'string' && typeof rootId === 'string' ? `${id}/${rootId}/` : undefined
    this.#walk(this.#root, [], first, 0)
    if (typeof managementAccount === 'string') {
      // No SCP and no RCP binds the management account.
      const own = this.#found.get(managementAccount) ?? this.#organization([], first)
      this.#found.set(managementAccount, { ...own, scps: undefined, rcps: undefined })
    }
    return (account) => this.#found.get(account) ?? noOrganization
  }

  #walk(node: Node, above: readonly PolicyNode[], path: string | undefined, depth: number): void {
    if (depth > deepest) throw new WorldProblem(`The units of the organization nest deeper than ${deepest}.`)
    const levels = [...above, policiesOf(node)]
    for (const each of listOf(node.accounts ?? [], 'accounts')) {
      const account = typeof each === 'string' ? { id: each } : objectOf(each, 'An account')
      const { id } = account
      if (typeof id !== 'string' || !/^\d{12}$/.test(id))
        throw new WorldProblem('An account of the organization has no id of twelve digits.')
      this.#found.set(id, this.#organization([...levels, policiesOf(account)], path))
    }
    for (const each of listOf(node.units ?? [], 'units')) {
      const unit = objectOf(each, 'A unit')
      const below = path !== undefined && typeof unit.id === 'string' ? `${path}${unit.id}/` : undefined
      this.#walk(unit, levels, below, depth + 1)
    }
  }

  #organization(levels: readonly PolicyNode[], path: string | undefined): Organization {
    const { id, managementAccount } = this.#root
    const of = (kind: 'scps' | 'rcps') => {
      // A level of which nothing is said has AWS's own policy, which lets everything through.
      const said = levels.flatMap((level) => level[kind] ?? [])
      return said.length === 0 && levels.every((level) => level[kind] === undefined)
        ? undefined
        : levels.flatMap((level) => (level[kind] === undefined ? [] : [level[kind]]))
    }
    return {
      scps: of('scps'),
      rcps: of('rcps'),
      id: textOf(id),
      path,
      managementAccount: textOf(managementAccount),
      members: this.#found,
    }
  }
}

function policiesOf({ scps, rcps }: Node): PolicyNode {
  return {
    scps: scps === undefined ? undefined : listOf(scps, 'scps').map((each) => policyOf(each, 'scp')),
    // RCPFullAWSAccess is part of every level, and cannot be detached.
    rcps:
      rcps === undefined
        ? undefined
        : [fullAccess(), ...listOf(rcps, 'rcps').map((each) => policyOf(each, 'rcp'))],
  }
}

let full: PolicySource | undefined

function fullAccess(): PolicySource {
  full ??= policyOf(
    {
      name: 'RCPFullAWSAccess',
      document: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
      },
    },
    'rcp',
  )
  return full
}

/** A list of levels; a list of policies is one level. */
function levelsOf(value: unknown, kind: 'scp' | 'rcp'): readonly (readonly PolicySource[])[] | undefined {
  const levels = listOf(value, `${kind}s`)
  if (levels.length === 0) return undefined
  return levels.some(Array.isArray)
    ? levels.map((level) => listOf(level, kind).map((each) => policyOf(each, kind)))
    : [levels.map((each) => policyOf(each, kind))]
}

function policyOf(value: unknown, kind: 'scp' | 'rcp'): PolicySource {
  const { name, document, arn } = objectOf(value, `An ${kind.toUpperCase()}`)
  const text = typeof document === 'string' ? document : JSON.stringify(document, undefined, 2)
  const parsed = parsePolicy(text ?? '', kind, { lenient: true })
  if (!parsed.ok) throw new WorldProblem(`${kind.toUpperCase()} ${String(name)}: ${parsed.message}`)
  return {
    policy: parsed.policy,
    source: {
      type: kind,
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof arn === 'string' ? { arn } : {}),
    },
  }
}
