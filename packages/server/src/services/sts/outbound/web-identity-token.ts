import type { JWTPayload } from 'jose'
import {
  type AccessRequest,
  type Call,
  family,
  globalContext,
  prepared,
  principalOf,
  signedCaller,
} from '../../../authorization/index.ts'
import { fault, uuid } from '../../../base/index.ts'
import { featuresOf } from '../../../directory/index.ts'
import type { Sts } from '../../../model/index.ts'
import type { SignedCaller } from '../../../session/index.ts'
import { withoutResource } from '../no-resource.ts'
import { checkSessionTags, tagKeys } from '../session-tags.ts'
import { type SigningAlgorithm, signingAlgorithms, signingKeys } from './signing-keys.ts'

const defaultSeconds = 300
/** Bytes of the payload; AWS does not publish its limit (behaviour STS-105). */
const payloadLimit = 8_192

/**
 * GetWebIdentityToken: a signed token that states the caller's identity outside AWS (behaviours STS-100 to STS-106).
 */
export const webIdentityToken = family<Sts.Operations>()({
  GetWebIdentityToken: prepared({
    readOnly: false,
    requests(input) {
      const tags = input.Tags ?? []
      const ask = (action: string): AccessRequest => ({
        ...withoutResource(action),
        context: {
          'sts:IdentityTokenAudience': input.Audience,
          'sts:SigningAlgorithm': input.SigningAlgorithm,
          'sts:DurationSeconds': input.DurationSeconds ?? defaultSeconds,
          'sts:SubjectMode': input.SubjectMode ?? 'AWSIdentity',
          ...tagKeys(tags, []),
        },
      })
      const own = ask('sts:GetWebIdentityToken')
      return tags.length === 0 ? [own] : [own, ask('sts:TagGetWebIdentityToken')]
    },
    async prepare(input, call): Promise<Sts.GetWebIdentityTokenResponse> {
      const algorithm = algorithmOf(input)
      const payload = payloadOf(input, call)
      const { importJWK, SignJWT } = await import('jose')
      const key = (await signingKeys(call.house)).find(({ alg }) => alg === algorithm)! // there is one an algorithm
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: 'JWT' })
        .sign(await importJWK(key, algorithm))
      return { WebIdentityToken: token, Expiration: payload.exp! * 1000 } // payloadOf sets it
    },
    run: (_input, _call, prepared) => prepared,
    event: (_input, output) => (output === undefined ? {} : { responseElements: null }), // the token is a credential
  }),
})

function algorithmOf({ SigningAlgorithm: asked }: Sts.GetWebIdentityTokenRequest): SigningAlgorithm {
  const algorithm = signingAlgorithms.find((each) => each === asked)
  if (algorithm !== undefined) return algorithm
  throw fault('ValidationError', `The signing algorithm ${asked} is not supported.`, 400)
}

function payloadOf(input: Sts.GetWebIdentityTokenRequest, call: Call): JWTPayload {
  const caller = signedCaller(call)
  const federation = featuresOf(call.account).outboundFederation
  if (federation?.enabled !== true) {
    throw fault(
      'OutboundWebIdentityFederationDisabledException',
      'Outbound web identity federation is not enabled for this account.',
      403,
    )
  }
  refuseOrigin(input)
  checkSessionTags(input.Tags ?? [], [], [])
  const iat = Math.floor(call.now / 1000)
  const exp = iat + (input.DurationSeconds ?? defaultSeconds)
  if (caller.session !== undefined && exp * 1000 > caller.session.expiresAt) {
    throw fault(
      'SessionDurationEscalationException',
      'The requested token duration would extend the session beyond its original expiration time.',
      403,
    )
  }
  const payload: JWTPayload = {
    iss: federation.issuer,
    aud: input.Audience.length === 1 ? input.Audience[0]! : [...input.Audience],
    sub: subjectOf(caller),
    iat,
    exp,
    jti: uuid(call.house.random),
    'https://sts.amazonaws.com/': identityClaims(input, caller, call),
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > payloadLimit) {
    throw fault(
      'JWTPayloadSizeExceededException',
      'The requested token payload size exceeds the maximum allowed size.',
      400,
    )
  }
  return payload
}

/** Omen's sessions have no context of an origin identity, the subject of both members (behaviour STS-106). */
function refuseOrigin({ SubjectMode: mode, Scope: scope }: Sts.GetWebIdentityTokenRequest): void {
  if (mode === 'OriginIdentity') {
    throw fault('ValidationError', 'The calling session has no trusted identity propagation context.', 400)
  }
  if (scope !== undefined) {
    throw fault('ValidationError', 'Scope can be specified only when SubjectMode is OriginIdentity.', 400)
  }
}

/** A role session's subject is the role (behaviour STS-102). */
function subjectOf(caller: SignedCaller): string {
  return caller.kind === 'role' ? caller.roleArn : caller.arn
}

/** Returns the claims in AWS's namespace; members that do not apply are left out. */
function identityClaims(input: Sts.GetWebIdentityTokenRequest, caller: SignedCaller, call: Call) {
  const context = globalContext(call, principalOf(caller))
  return {
    aws_account: caller.account,
    source_region: call.region,
    principal_id: subjectOf(caller),
    org_id: context.get('aws:PrincipalOrgID'),
    ou_path: first(context.get('aws:PrincipalOrgPaths')),
    principal_tags: tagsObject(principalTags(caller)),
    request_tags: tagsObject((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  }
}

/**
 * Returns the caller's tags as in aws:PrincipalTag: a session's replace those of its role or user with the same key.
 */
function principalTags(caller: SignedCaller): readonly (readonly [string, string])[] {
  const session = caller.session !== undefined && 'tags' in caller.session ? (caller.session.tags ?? []) : []
  const own = caller.kind === 'role' ? caller.role.tags : caller.kind === 'user' ? caller.user.tags : []
  const byKey = new Map(
    [...own, ...session].map(({ Key, Value }) => [Key.toLowerCase(), [Key, Value] as const]),
  )
  return [...byKey.values()]
}

function first(values: string | readonly string[] | undefined): string | undefined {
  return typeof values === 'string' ? values : values?.[0]
}

function tagsObject(tags: readonly (readonly [string, string])[]) {
  return tags.length === 0 ? undefined : Object.fromEntries(tags)
}
