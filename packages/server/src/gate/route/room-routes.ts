import {
  budgetFor,
  type Dependencies,
  hypotheticalCall,
  mayAssume,
  refusalSentence,
} from '../../authorization/index.ts'
import { type AccountId, endOfTurn, iamArn } from '../../base/index.ts'
import { roles } from '../../directory/index.ts'
import { accountOf, checkAssume } from '../../services/signin/index.ts'
import { ownerOf } from '../../session/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import type { LiveSession, WearableRole } from '../../views/index.ts'
import { loadManagement } from '../admission.ts'
import { housesOf } from '../masks.ts'
import { endLogin, liveLogins } from '../view/logins.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'
import { readsEvents } from './event-routes.ts'

const limits = {
  /** The most roles checked for one answer; the rest is counted. */
  roles: 1_000,
  /** Characters of a role's path and name. */
  roleName: 600,
  /** Roles that are judged before anybody else is answered. */
  rolesAtOnce: 20,
  /** Sessions in one answer, newest first. */
  sessions: 500,
  /** Events in one look-up. */
  page: 1_000,
  /** Look-ups for one answer and kind of event. */
  pages: 5,
} as const

/** A session lasts twelve hours at most, so older events began no session that is still valid. In milliseconds. */
const longestSession = 43_200_000

/** The console's view of who may assume what, and of the live sessions. */
export function roomRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/wearable$/,
      by: {
        action: 'iam:ListRoles',
        resource: (_body, _groups, signer) => iamArn(ownerOf(signer), 'role', '/', ''),
      },
      async answer(_groups, _body, signer, _query, _within, { origin }) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        const account = await deps.directory.find(signer.account)
        if (account === undefined) throw new Refusal(404, 'There is no such account here.')
        await loadManagement(account, deps)
        const call = hypotheticalCall(signer, account, deps, origin)
        const all = [...account.table(roles).values()].filter(
          ({ linkedService }) => linkedService === undefined,
        )
        const judgedRoles: WearableRole[] = []
        const budget = budgetFor(Math.min(all.length, limits.roles))
        for (const role of all.slice(0, limits.roles)) {
          const judged = mayAssume(call, role, account, {}, budget)
          const allowed = judged.decision.outcome === 'allowed'
          const { id, name, path } = role
          judgedRoles.push({
            ...{ id, name, path, allowed, houses: housesOf(role, account) },
            ...(allowed ? {} : { why: refusalSentence(judged) }),
          })
          // trust policies that are read for the first time are compiled here: other requests are answered in between
          if (judgedRoles.length % limits.rolesAtOnce === 0) await endOfTurn()
        }
        return { roles: judgedRoles, beyond: Math.max(0, all.length - limits.roles) }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/api\/may-wear$/,
      // AssumeRole itself would return it
      by: 'signer',
      async answer(_groups, body, signer, _query, _within, { origin: from }) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        const own = await deps.directory.find(signer.account)
        const account = await accountOf(textIn(body, 'account', 64), deps)
        const roleName = textIn(body, 'roleName', limits.roleName).replace(/^\//, '')
        if (own === undefined || account === undefined)
          throw new Refusal(404, 'There is no such account here.')
        await loadManagement(own, deps)
        const check = await checkAssume(
          { caller: signer, account: own, origin: from },
          account,
          roleName,
          deps,
        )
        return { ...check, account }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/api\/sessions$/,
      by: readsEvents,
      async answer(_groups, _body, signer, _query, within) {
        const id = signer?.account ?? within ?? deps.firstAccount
        return { sessions: await liveSessions(id, deps), logins: await liveLogins(id, deps) }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/api\/logins\/end$/,
      by: { action: 'signin:RevokeOAuth2Token' },
      async answer(_groups, body, signer, _query, within, { origin }) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        const login = textIn(body, 'id', 64)
        if (!(await endLogin(login, within ?? signer.account, signer, origin, deps)))
          throw new Refusal(404, 'There is no such login, or no longer.')
        return {}
      },
    },
  ]
}

const operations = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'GetFederationToken',
  'GetSessionToken',
]

async function liveSessions(account: AccountId, deps: Dependencies): Promise<readonly LiveSession[]> {
  const now = deps.clock.now()
  await deps.recorder.flush()
  const found: LiveSession[] = []
  for (const name of operations) {
    let after: string | undefined
    for (let page = 0; page < limits.pages; page++) {
      const { events, next } = await deps.recorder.lookUp({
        account,
        from: now - longestSession,
        attribute: { key: 'EventName', value: name },
        limit: limits.page,
        ...(after === undefined ? {} : { after }),
      })
      for (const event of events) {
        const session = sessionOf(event, now)
        if (session !== undefined) found.push(session)
      }
      if (next === undefined || found.length >= limits.sessions) break
      after = next
    }
  }
  // the trail lists the newest first, which decides between sessions that began at the same instant
  return found.sort((a, b) => Date.parse(b.beganAt) - Date.parse(a.beganAt)).slice(0, limits.sessions)
}

interface Handed {
  readonly eventName: string
  readonly eventTime: string
  readonly userIdentity: {
    readonly arn?: string
    readonly principalId?: string
    readonly invokedBy?: string
    readonly userName?: string
    readonly accessKeyId?: string
    readonly sessionContext?: { readonly attributes?: { readonly mfaAuthenticated?: string } }
  }
  readonly requestParameters?: {
    readonly roleArn?: string
    readonly serialNumber?: string
    readonly sourceIdentity?: string
  } | null
  readonly responseElements?: {
    readonly credentials?: { readonly accessKeyId?: string; readonly expiration?: string }
    readonly assumedRoleUser?: { readonly arn?: string }
    readonly federatedUser?: { readonly arn?: string }
  } | null
}

/** The session that an event handed out, if it did and the session's time is not over. */
function sessionOf({ json, errorCode, decision }: StoredEvent, now: number): LiveSession | undefined {
  if (errorCode !== undefined) return undefined
  const { eventName, eventTime, userIdentity, requestParameters, responseElements } = JSON.parse(
    json,
  ) as Handed // what makeEvent wrote
  const { credentials, assumedRoleUser, federatedUser } = responseElements ?? {}
  const ends = Date.parse(credentials?.expiration ?? '')
  if (credentials?.accessKeyId === undefined || !(ends > now)) return undefined
  const by = userIdentity.arn ?? userIdentity.invokedBy ?? userIdentity.userName ?? userIdentity.principalId
  const mfa =
    requestParameters?.serialNumber !== undefined ||
    userIdentity.sessionContext?.attributes?.mfaAuthenticated === 'true'
  return {
    accessKeyId: credentials.accessKeyId,
    arn: assumedRoleUser?.arn ?? federatedUser?.arn ?? by ?? '',
    operation: eventName,
    ...(requestParameters?.roleArn === undefined ? {} : { roleArn: requestParameters.roleArn }),
    by: by ?? '',
    ...(userIdentity.accessKeyId === undefined ? {} : { byKey: userIdentity.accessKeyId }),
    beganAt: eventTime,
    expiresAt: new Date(ends).toISOString(),
    mfa,
    ...(requestParameters?.sourceIdentity === undefined
      ? {}
      : { sourceIdentity: requestParameters.sourceIdentity }),
    ...(decision === undefined ? {} : { decision }),
  }
}
