import { type Dependencies, trustsService } from '../authorization/index.ts'
import { type AccountId, factsOf, fault, iamArn, parseAccountId, parseArn } from '../base/index.ts'
import { type Account, AccountNotLoaded, findRole, instanceProfiles, roles } from '../directory/index.ts'
import { objectOfUrl } from '../guard/catalogue/index.ts'
import { Guard, type GuardParts, type OwnPolicy, type UpstreamOptions } from '../guard/index.ts'
import { type AskForm, Mirror } from '../mirror/index.ts'
import { loadModel, serviceIds } from '../model/index.ts'
import { functionKey, functions, policyDocument } from '../services/lambda/index.ts'
import { Stacks } from '../stacks/index.ts'
import { Admittance, loadManagement, withAccounts } from './admission.ts'
import { bucketOwners } from './bucket-owners.ts'
import { noteUse } from './usage.ts'

/** The guard's surroundings. */
export interface GuardPlace extends Pick<GuardParts, 'ours' | 'complain' | 'date' | 'watch'> {
  /** The APIs of this server. */
  readonly served: ReadonlySet<string>
  readonly upstream: UpstreamOptions
}

/** A guard, and what keeps its upstream's IAM like Omen's; that is absent if the two are separate. */
export interface Guarding {
  readonly guard: Guard
  readonly mirror?: Mirror
  readonly stacks: Stacks
}

/** The guard within this server: its callers are admitted and its roles known as everywhere else. */
export function openGuard(deps: Dependencies, place: GuardPlace): Guarding {
  let mirror: Mirror | undefined
  const roleInProfile: GuardParts['roleInProfile'] = (name, { account }) => {
    const profile = account.table(instanceProfiles).findBy('name', name.toLowerCase())
    const role = profile?.roleId === undefined ? undefined : account.table(roles).find(profile.roleId)
    return role && iamArn(account, 'role', role.path, role.name)
  }
  const region = factsOf(deps.partition).globalRegion
  const askIam: AskForm = (service, fields, account) => {
    const body = new URLSearchParams(fields).toString()
    return guard.ask({ account, region, service, method: 'POST', path: '/', headers: formType, body })
  }
  const separatesAccounts = place.upstream.accountKey === true
  const performIam: GuardParts['performIam'] = (operation, input, { caller, account, origin }) =>
    deps.perform({ service: 'iam', operation, input, caller, account, origin })
  const stacks = new Stacks({
    deps,
    roleInProfile,
    iam: { ask: askIam, separatesAccounts, settled: () => mirror?.settled() },
    ask: ({ service, method, path, body }, { account, region }) => {
      const type = body === undefined ? {} : { headers: service === 's3' ? {} : formType, body }
      return guard.ask({ account, region, service, method, path, ...type })
    },
    perform: performIam,
    objectIn: objectOfUrl,
    objectUrl: (bucket, key) => objectUrl(place.upstream.url, bucket, key),
    strip: async (account, names) => (await mirror?.strip(account, names)) ?? (() => {}),
    complain: (error) => place.complain(error, ''),
  })
  const guard: Guard = new Guard({
    ...place,
    serves: servesOf(place.served),
    // another node may forward a change of what is remembered
    upstream: { ...(deps.directory.store.shared ? { rememberedFor: 0 } : {}), ...place.upstream },
    deps,
    admission: new Admittance(deps),
    account: (id) => accountWithBonds(id, deps),
    trusts(roleArn, service, call, sources) {
      const role = findRole(call.account, roleArn)
      if (role === undefined) return undefined
      const trusts = trustsService(role, service, call, sources)
      const isOpen = sources['aws:SourceArn'] === undefined && /aws:SourceArn/i.test(role.trust)
      return !trusts && isOpen ? undefined : trusts
    },
    roleInProfile,
    ownPolicy: (arn) => (place.served.has('lambda') ? functionPolicy(arn, deps) : undefined),
    stacks,
    noteUse,
    performIam,
    mirrored: () => mirror?.settled(),
    disconnected: () => mirror?.doubt(),
    withAccounts: (run) => decided(deps, run),
    bucketOwners: bucketOwners(deps, new URL(place.upstream.url).origin, (error) =>
      place.complain(error, ''),
    ),
  })
  if (place.upstream.sharedIam === false) return { guard, stacks }
  mirror = new Mirror({
    deps,
    separatesAccounts,
    ask: askIam,
    emptied: () => guard.forget(),
    complain: (error) => place.complain(error, ''),
  })
  return { guard, mirror, stacks }
}

/** The policy of a function of Omen's own Lambda (behaviour GRD-585). */
function functionPolicy(arn: string, { directory }: Dependencies): ReturnType<OwnPolicy> {
  const { service, region = '', account = '', resource = '' } = parseArn(arn) ?? {}
  const [, name] = service === 'lambda' ? (/^function:([\w-]+)$/.exec(resource) ?? []) : []
  const owner = parseAccountId(account)
  if (owner === undefined || name === undefined) return undefined
  const own = directory.loaded(owner)?.table(functions).find(functionKey(region, name))
  const document = own && policyDocument(own)
  if (own === undefined) return undefined
  return document === undefined ? { exists: true } : { exists: true, document }
}

/** APIs of which the upstream has the rest: clusters are there, and who its pods are is here (behaviour POD-8). */
const shared: ReadonlySet<string> = new Set(['eks'])

function servesOf(served: ReadonlySet<string>): GuardParts['serves'] {
  return (found) => {
    const id = serviceIds.find((each) => each === found.service?.id)
    if (id === undefined || !served.has(id)) return false
    if (!shared.has(id) || 'problem' in found) return true
    const { resourceArn } = found.labels
    // tags are of many things, of which associations alone are here
    if (resourceArn !== undefined && !resourceArn.includes(':podidentityassociation/')) return false
    return Object.hasOwn(loadModel(id).operations, found.operation)
  }
}

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

/** The URL of an object as emulators read it: moto recognizes only localhost as itself. */
function objectUrl(upstream: string, bucket: string, key: string): string {
  const url = new URL(upstream)
  if (/^(?:127\.[\d.]+|\[::1\])$/.test(url.hostname)) url.hostname = 'localhost'
  url.pathname = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
  return url.href
}

/** @throws Fault ServiceUnavailable if an account that the decision needs does not stay in memory (behaviour GRD-111) */
async function decided<T>(deps: Dependencies, run: () => Promise<T>): Promise<T> {
  try {
    return await withAccounts(deps, run)
  } catch (error) {
    if (!(error instanceof AccountNotLoaded)) throw error
    throw fault('ServiceUnavailable', 'The account was changed too often meanwhile. Try again.', 503)
  }
}

/** An account, and the organization that binds it. */
async function accountWithBonds(id: AccountId, deps: Dependencies): Promise<Account | undefined> {
  const account = deps.directory.loaded(id) ?? (await deps.directory.find(id))
  if (account !== undefined) await loadManagement(account, deps)
  return account
}
