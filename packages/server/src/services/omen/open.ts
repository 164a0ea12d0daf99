import { createHash } from 'node:crypto'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { bindingManagement, type Call, type Dependencies } from '../../authorization/index.ts'
import { type AccountId, fault, parseAccountId } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { type Graph, graphOf, type PathOptions, StepBudget } from '../../graph/index.ts'
import { isSigned } from '../../session/index.ts'
import { accountsInView } from './in-view.ts'
import { organizationOf, partsOf, type WorldParts, worldOf } from './world.ts'

/** The graph of an account, and the revision of the account that it is of. */
export interface OpenGraph {
  readonly account: Account
  readonly graph: Graph
  readonly revision: string
}

/** Members that every request has. */
export interface AnyRequest {
  readonly accountId?: string | undefined
  readonly derived?: boolean | undefined
  readonly retired?: boolean | undefined
  readonly maxSteps?: number | undefined
}

const opened = new WeakMap<Account, OpenGraph>()

/** The accounts that a call reads. */
export function accountsOf({ accountId }: AnyRequest, call: Call): readonly AccountId[] {
  return [askedAccount(accountId, call)]
}

/** An account, its revision, and the name of the graph of that revision. */
export interface OpenAccount {
  readonly account: Account
  readonly revision: string
  readonly key: string
  /** The other accounts that are in view with it. */
  readonly others: readonly Account[]
}

/** The accounts as files hold them: the one that is asked about first. */
export function partsInView({ account, others }: OpenAccount, house: Dependencies): readonly WorldParts[] {
  return [account, ...others].map((each) => partsOf(each, house))
}

const numbers = new WeakMap<Account, number>()
let lastNumber = 0

/**
 * The account that is asked about: the caller's, or another one if root of the first account asks.
 * @throws Fault if the caller may not see the account, or there is none
 */
export function openAccount({ accountId }: AnyRequest, call: Call): OpenAccount {
  const id = askedAccount(accountId, call)
  const account = id === call.account.id ? call.account : call.house.directory.known(id)
  if (account === undefined) throw notFound(`There is no account ${id} here.`)
  const isTop = call.account.id === account.settings.managementAccount
  const others = isTop || isOwner(call) ? accountsInView(account, call.house) : []
  const revision = revisionOf(account, call.house)
  const key = [account, ...others].map((each) => keyOf(each, call.house)).join(' ')
  return { account, revision, key, others }
}

function keyOf(account: Account, house: Dependencies): string {
  // several houses of one process may have accounts of one number
  const number = numbers.get(account) ?? ++lastNumber
  numbers.set(account, number)
  return `${number} ${revisionOf(account, house)}`
}

/**
 * The graph of an account as it is now, made once for each revision.
 * @throws AccountNotLoaded if another account is needed that is not in memory
 */
export function graphOfAccount(account: Account, house: Dependencies): OpenGraph {
  const revision = revisionOf(account, house)
  const known = opened.get(account)
  if (known?.revision === revision) return known
  const graph = graphOf(worldOf(partsOf(account, house)), techniqueTable())
  const open = { account, graph, revision }
  opened.set(account, open)
  return open
}

/** Options that a request names. */
export function optionsOf({ derived = false, retired = false, maxSteps }: AnyRequest): AskedOptions {
  return { derived, retired, budget: new StepBudget(maxSteps ?? stepsOfQuestion) }
}

/** Options of a question, with the steps that all its searches share. */
export type AskedOptions = PathOptions & { readonly budget: StepBudget }

/**
 * The steps of a question that names no number: they take about a minute. A request cannot ask for more, so that a search
 * ends before the thread gives up.
 */
const stepsOfQuestion = 500_000

/** A caller sees its own account; root of the first account sees every account. */
function askedAccount(accountId: string | undefined, call: Call): AccountId {
  if (accountId === undefined || accountId === call.account.id) return call.account.id
  const id = parseAccountId(accountId)
  if (id === undefined || !isOwner(call))
    throw fault('AccessDeniedException', `Only root of the first account may ask about account ${accountId}.`)
  return id
}

/** Whether root of the first account calls, who sees every account. */
function isOwner({ caller, house }: Call): boolean {
  return isSigned(caller) && caller.kind === 'root' && caller.account === house.firstAccount
}

/**
 * The name of what the graph is made of, the same at every node: an account that another node changes, or whose change is
 * undone, may have a number again, but never a lineage.
 */
function revisionOf(account: Account, house: Dependencies): string {
  const own = account.lineage ?? 'new'
  const management = bindingManagement(account, house.directory)
  return management === undefined ? own : `${own}.${bindingName(account, management, house)}`
}

/** A short name of what an organization says about an account. */
function bindingName(account: Account, management: Account, house: Dependencies): string {
  const { policyRevision: revision } = management
  const known = bindings.get(account)
  if (known?.lineage === account.lineage && known?.management === management && known.revision === revision)
    return known.name
  const text = JSON.stringify(organizationOf(account, house))
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

/** A principal or a thing that the account does not have. */
export function notFound(message: string) {
  return fault('ResourceNotFoundException', message)
}

/** A request that asks for what cannot be. */
export function invalid(message: string) {
  return fault('ValidationException', message)
}
