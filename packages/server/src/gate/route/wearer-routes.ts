import {
  budgetFor,
  type Dependencies,
  hypotheticalCall,
  hypotheticalSession,
  idOfPrincipal,
  mayAssume,
  type Origin,
  parsedDocument,
  rewritePrincipals,
} from '../../authorization/index.ts'
import { iamArn } from '../../base/index.ts'
import { type Account, findRoleNamed, type Role, roles, users } from '../../directory/index.ts'
import { ownerOf, type SignedCaller } from '../../session/index.ts'
import { loadManagement } from '../admission.ts'
import { type AdminRoute, Refusal, type RoutePermission, textIn } from './admin-route.ts'
import { rolesThatMay } from './readable-roles.ts'

const origin: Origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true }

const limits = {
  /** The most users and roles checked for one answer. */
  principals: 2_000,
  /** Questions between two turns of the event loop. */
  lot: 25,
  /** Characters of a trust policy. */
  trust: 16_384,
} as const

/** The answer follows from the policies of every user and role, so callers that may read them all may ask. */
const readsAllPolicies: RoutePermission = { action: 'iam:GetAccountAuthorizationDetails' }

/**
 * `POST /_omen/api/wearers`: the users and roles of the account that can assume a role. The role is an existing one
 * (`role`), a new one with a trust policy (`trust`), or an existing one with a changed trust policy (both). `GET
 * /_omen/api/role-facts`: tags, boundary and last use of the roles that the caller may get.
 */
export function assumerRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/_omen\/api\/wearers$/,
      by: readsAllPolicies,
      async answer(_groups, body, signer, _query, within) {
        const id = signer?.account ?? within ?? deps.firstAccount
        const account = await deps.directory.find(id)
        if (account === undefined) throw new Refusal(404, `There is no account ${id} here.`)
        await loadManagement(account, deps)
        return assumersOf(roleOf(body, account, deps), account, deps)
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/api\/role-facts$/,
      by: {
        action: 'iam:ListRoles',
        resource: (_body, _groups, signer) => iamArn(ownerOf(signer), 'role', '/', ''),
      },
      async answer(_groups, _body, signer, _query, within, { may }) {
        const id = signer?.account ?? within ?? deps.firstAccount
        const account = await deps.directory.find(id)
        if (account === undefined) throw new Refusal(404, `There is no account ${id} here.`)
        const readable = await rolesThatMay('iam:GetRole', [...account.table(roles).values()], account, may)
        return { roles: readable.map((role) => factsOf(role, account)) }
      },
    },
  ]
}

/**
 * The members that GetRole returns and ListRoles does not: one answer for a table of roles, instead of one call each.
 */
function factsOf({ id, tags, boundaryArn }: Role, account: Account) {
  const use = account.usage.find(id)
  return {
    id,
    tags,
    ...(boundaryArn === undefined ? {} : { boundary: boundaryArn }),
    ...(use === undefined ? {} : { lastUsed: new Date(use.at).toISOString() }),
  }
}

/** The role in question, with the trust policy in question. */
function roleOf(body: Readonly<Record<string, unknown>>, account: Account, deps: Dependencies): Role {
  const existing = body.role === undefined ? undefined : findRoleNamed(account, textIn(body, 'role'))
  if (body.trust === undefined) {
    if (existing === undefined) throw new Refusal(404, 'There is no such role.')
    return existing
  }
  const trust = boundTrust(textIn(body, 'trust', limits.trust), account, deps)
  return existing === undefined ? newRole(trust, deps) : { ...existing, trust }
}

/** A role that does not exist yet. No policy names it by its ARN, so only patterns match it. */
function newRole(trust: string, deps: Dependencies): Role {
  return {
    id: 'AROAHYPOTHETICALROLE0',
    name: 'new-role',
    path: '/',
    trust,
    tags: [],
    inline: {},
    attached: [],
    createdAt: deps.clock.now(),
    maxSessionSeconds: 3_600,
  }
}

/** The trust policy as it would be kept: users and roles by their unique ids. @throws Refusal if it is not valid */
function boundTrust(document: string, account: Account, deps: Dependencies): string {
  const parsed = parsedDocument(document, 'trust')
  if (!parsed.ok) throw new Refusal(400, parsed.message, 'MalformedPolicyDocument')
  const call = hypotheticalCall(nobodyOf(account), account, deps, origin)
  return rewritePrincipals(document, parsed.policy, ({ type, value }) =>
    type === 'AWS' && value.startsWith('arn:') ? (idOfPrincipal(value, call) ?? value) : value,
  )
}

function nobodyOf(account: Account): SignedCaller {
  return {
    kind: 'root',
    account: account.id,
    arn: iamArn(account, 'root', '', ''),
    accessKeyId: 'hypothetical',
  }
}

async function assumersOf(role: Role, account: Account, deps: Dependencies) {
  const now = deps.clock.now()
  const people = [...account.table(users).values()]
  const masks = [...account.table(roles).values()].filter(
    ({ linkedService, id }) => linkedService === undefined && id !== role.id,
  )
  const total = people.length + masks.length
  const assumers: { kind: 'user' | 'role'; name: string; arn: string; id: string }[] = []
  let asked = 0
  const budget = budgetFor(Math.min(total, limits.principals))
  for (const each of [...people, ...masks].slice(0, limits.principals)) {
    if (++asked % limits.lot === 0) await new Promise(setImmediate)
    const isRole = 'trust' in each
    const arn = iamArn(account, isRole ? 'role' : 'user', each.path, each.name)
    const caller: SignedCaller | undefined = isRole
      ? hypotheticalSession(account, each.name, 'hypothetical', now)
      : { kind: 'user', account: account.id, arn, user: each, accessKeyId: 'hypothetical' }
    if (caller === undefined) continue
    const { decision } = mayAssume(hypotheticalCall(caller, account, deps, origin), role, account, {}, budget)
    if (decision.outcome === 'allowed')
      assumers.push({ kind: isRole ? 'role' : 'user', name: each.name, arn, id: each.id })
  }
  return { wearers: assumers, beyond: Math.max(0, total - limits.principals) }
}
