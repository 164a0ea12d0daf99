import { createHash } from 'node:crypto'
import { bindingManagement, type Call, type Dependencies } from '../../authorization/index.ts'
import { type AccountId, fault, parseAccountId } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { isSigned } from '../../session/index.ts'
import { notFound } from './faults.ts'
import { accountsInView } from './in-view.ts'
import { organizationOf } from './world.ts'

/** Members that every request has. */
export interface AnyRequest {
  readonly accountId?: string | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly maxSteps?: number | undefined
}

/** The accounts that a call reads. */
export function accountsOf({ accountId }: AnyRequest, call: Call): readonly AccountId[] {
  return [askedAccount(accountId, call)]
}

/** An account, and its revision. */
export interface OpenAccount {
  readonly account: Account
  readonly revision: string
  /** The other accounts that are in view with it. */
  readonly others: readonly Account[]
}

/**
 * The account that is asked about: the caller's, or another one if root of the first account asks.
 * @throws Fault if the caller may not see the account, or there is none
 */
export function openAccount({ accountId }: AnyRequest, call: Call): OpenAccount {
  const id = askedAccount(accountId, call)
  const account = id === call.account.id ? call.account : call.deps.directory.known(id)
  if (account === undefined) throw notFound(`There is no account ${id} here.`)
  const isTop = call.account.id === account.settings.managementAccount
  const others = isTop || isOwner(call) ? accountsInView(account, call.deps) : []
  const revision = revisionOf(account, call.deps)
  return { account, revision, others }
}

/** A caller sees its own account; root of the first account sees every account. */
function askedAccount(accountId: string | undefined, call: Call): AccountId {
  if (accountId === undefined || accountId === call.account.id) return call.account.id
  const id = parseAccountId(accountId)
  if (id === undefined || !isOwner(call))
    throw fault('AccessDeniedException', `Only root of the first account may ask about account ${accountId}.`)
  return id
}

/** Whether root of the first account calls, who sees every account. */
function isOwner({ caller, deps }: Call): boolean {
  return isSigned(caller) && caller.kind === 'root' && caller.account === deps.firstAccount
}

/**
 * The name of what the graph is made of, the same at every node: an account that another node changes, or whose change is
 * undone, may have a number again, but never a lineage.
 */
export function revisionOf(account: Account, deps: Dependencies): string {
  const own = account.lineage ?? 'new'
  const management = bindingManagement(account, deps.directory)
  return management === undefined ? own : `${own}.${bindingName(account, management, deps)}`
}

/** A short name of what an organization says about an account. */
function bindingName(account: Account, management: Account, deps: Dependencies): string {
  const { policyRevision: revision } = management
  const known = bindings.get(account)
  if (known?.lineage === account.lineage && known?.management === management && known.revision === revision)
    return known.name
  const text = JSON.stringify(organizationOf(account, deps))
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 16)
  bindings.set(account, { lineage: account.lineage, management, revision, name })
  return name
}

interface Binding {
  readonly lineage: Account['lineage']
  readonly management: Account
  readonly revision: number
  readonly name: string
}

const bindings = new WeakMap<Account, Binding>()
