import { signToken, type TokenSigner, tokenSigner } from '../../assertions/index.ts'
import { type Call, family, prepared } from '../../authorization/index.ts'
import { Fault, isoSeconds } from '../../base/index.ts'
import { loginKey, type PoolIdentity, poolLogins } from '../../directory/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { identityIn } from './developers.ts'
import { entitled } from './entitled.ts'
import { alreadyRegistered, invalid, misconfigured } from './faults.ts'
import { hidden, identityOf } from './identities.ts'
import { type Login, ownProvider, provenLogins } from './logins.ts'
import { byId, getIdentity, getPool, poolArn } from './pool.ts'
import { principalTags, tagsClaim } from './principal-tags.ts'
import { roleOf } from './role-of.ts'
import { scopeDown, scopeDownArn } from './scope-down.ts'

/** The life of a token of the pool, and of one for a developer's user (behaviour COG-12). */
const tokenSeconds = 600
const developerSeconds = 900

/** Tokens of identities, and credentials of their roles. */
export const credentials = family<CognitoIdentity.Operations>()({
  GetOpenIdToken: {
    ...byId,
    async act({ IdentityId, Logins }, call) {
      const { identity, pool } = getIdentity(IdentityId, call)
      if (!pool.letsClassic) throw invalid('Basic (classic) flow is not enabled, please use enhanced flow.')
      const logins = await entitled(identity, pool, Logins, call)
      return { IdentityId, Token: await tokenOf(identity, logins, tokenSeconds, call, {}) }
    },
    event: ({ IdentityId, Logins }) => ({
      requestParameters: { identityId: IdentityId, ...(Logins && { logins: hidden(Logins) }) },
      responseElements: null,
    }),
  },
  GetOpenIdTokenForDeveloperIdentity: prepared({
    resource: (input: CognitoIdentity.GetOpenIdTokenForDeveloperIdentityInput, { account }: Call) =>
      poolArn(account, input.IdentityPoolId),
    async prepare(input: CognitoIdentity.GetOpenIdTokenForDeveloperIdentityInput, call: Call) {
      const pool = getPool(input.IdentityPoolId, call)
      const { [pool.developerProvider ?? '']: user, ...others } = input.Logins
      if (pool.developerProvider === undefined || user === undefined)
        throw invalid('Logins must have the developer provider of the pool.')
      const logins = [
        { provider: pool.developerProvider, mappedAs: pool.developerProvider, subject: user, claims: {} },
        ...(await provenLogins(others, pool, call)),
      ]
      return { logins, signed: await tokenSigner(call.deps) }
    },
    run(
      input: CognitoIdentity.GetOpenIdTokenForDeveloperIdentityInput,
      call: Call,
      { logins, signed }: { readonly logins: readonly Login[]; readonly signed: TokenSigner },
    ) {
      const { account } = call
      const pool = getPool(input.IdentityPoolId, call)
      const into = input.IdentityId === undefined ? undefined : identityIn(pool, input.IdentityId, call)
      const [user] = logins
      const owner = user && account.table(poolLogins).find(loginKey({ pool: pool.id, ...user }))?.identity
      if (into !== undefined && owner !== undefined && owner !== into.id) throw alreadyRegistered()
      const identity = identityOf(logins, pool, call, into)
      const tags = Object.entries(input.PrincipalTags ?? {}).map(([key, value]) => [key, [value]])
      const seconds = input.TokenDuration ?? developerSeconds
      const claims = claimsOf(identity, logins, seconds, call, Object.fromEntries(tags))
      return { IdentityId: identity.id, Token: signed(claims) }
    },
    event: ({ IdentityPoolId, Logins }: CognitoIdentity.GetOpenIdTokenForDeveloperIdentityInput) => ({
      requestParameters: { identityPoolId: IdentityPoolId, logins: hidden(Logins) },
      responseElements: null,
    }),
  }),
  GetCredentialsForIdentity: {
    ...byId,
    readOnly: false,
    async act({ IdentityId, Logins, CustomRoleArn }, call) {
      const { identity, pool } = getIdentity(IdentityId, call)
      const logins = await entitled(identity, pool, Logins, call)
      const RoleArn = roleOf(pool, logins, CustomRoleArn)
      const tags = principalTags(pool, logins)
      const WebIdentityToken = await tokenOf(identity, logins, tokenSeconds, call, tags)
      const guest = logins.length === 0
      try {
        const { Credentials } = (await call.deps.perform({
          service: 'sts',
          operation: 'AssumeRoleWithWebIdentity',
          input: {
            RoleArn,
            RoleSessionName: 'CognitoIdentityCredentials',
            WebIdentityToken,
            DurationSeconds: 3_600,
            ...(guest && { Policy: scopeDown, PolicyArns: [{ arn: scopeDownArn(call.account) }] }),
          },
          caller: { kind: 'anonymous', account: call.account.id },
          account: call.account,
          origin: {
            sourceIp: ownProvider,
            userAgent: ownProvider,
            host: '',
            secure: true,
            invokedBy: ownProvider,
          },
        })) as { readonly Credentials: CognitoCredentials } // of STS's model
        const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials
        return {
          IdentityId,
          Credentials: { AccessKeyId, SecretKey: SecretAccessKey, SessionToken, Expiration },
        }
      } catch (error) {
        if (error instanceof Fault) throw misconfigured()
        throw error
      }
    },
    event: ({ IdentityId, Logins }, output) => ({
      requestParameters: { ...(Logins && { logins: hidden(Logins) }), identityId: IdentityId },
      responseElements:
        output?.Credentials === undefined
          ? null
          : {
              credentials: {
                accessKeyId: output.Credentials.AccessKeyId,
                sessionToken: output.Credentials.SessionToken,
                expiration: isoSeconds(output.Credentials.Expiration ?? 0),
              },
              identityId: IdentityId,
            },
    }),
  },
})

interface CognitoCredentials {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: number
}

function tokenOf(...given: Parameters<typeof claimsOf>): Promise<string> {
  return signToken(claimsOf(...given), given[3].deps)
}

/** The claims of the pool's token about an identity (behaviour COG-12). */
function claimsOf(
  identity: PoolIdentity,
  logins: readonly Login[],
  seconds: number,
  call: Call,
  tags: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, unknown>> {
  const now = Math.floor(call.now / 1000)
  const names = logins.flatMap(({ provider, subject, claims }) =>
    provider === ownProvider
      ? Array.isArray(claims.amr)
        ? claims.amr.filter((each): each is string => typeof each === 'string' && each !== 'authenticated')
        : []
      : provider.startsWith('arn:')
        ? [provider]
        : [provider, `${provider}:OIDC:${subject}`],
  )
  const amr = logins.length === 0 ? ['unauthenticated'] : ['authenticated', ...names]
  return {
    iss: `https://${ownProvider}`,
    aud: identity.pool,
    sub: identity.id,
    amr,
    iat: now,
    exp: now + seconds,
    ...(Object.keys(tags).length > 0 && { [tagsClaim]: { principal_tags: tags } }),
  }
}
