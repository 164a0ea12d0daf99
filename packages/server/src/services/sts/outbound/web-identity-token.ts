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
import { type Fault, fault, uuid } from '../../../base/index.ts'
import { featuresOf } from '../../../directory/index.ts'
import { type SigningAlgorithm, signingAlgorithms, signingKeys } from '../../../grants/index.ts'
import type { Sts } from '../../../model/index.ts'
import type { SignedCaller } from '../../../session/index.ts'
import { refuseGlobalEndpoint } from '../global-endpoint.ts'
import { refuseDuplicates, tagKeys } from '../session-tags.ts'

const defaultSeconds = 300
/** Bytes of the longest payload that is known to be accepted (behaviour STS-105). */
const payloadLimit = 14_984

/**
 * GetWebIdentityToken: a signed token that states the caller's identity outside AWS (behaviours STS-100 to STS-106 and STS-139
 * to STS-145).
 */
export const webIdentityToken = family<Sts.Operations>()({
  GetWebIdentityToken: prepared({
    readOnly: false,
    accounts(_input, call) {
      refuseGlobalEndpoint(call, 'Operation not supported on STS global endpoint')
      return []
    },
    requests(input, call) {
      const tags = input.Tags ?? []
      const ask = (action: string): AccessRequest => ({
        action,
        resource: `arn:${call.account.partition}:sts::${call.account.id}:self`,
        context: {
          'sts:IdentityTokenAudience': input.Audience,
          'sts:SigningAlgorithm': input.SigningAlgorithm,
          'sts:DurationSeconds': input.DurationSeconds ?? defaultSeconds,
          'sts:SubjectMode': input.SubjectMode ?? 'AWSIdentity',
          ...tagKeys(tags, []),
        },
      })
      const request = ask('sts:GetWebIdentityToken')
      return tags.length === 0 ? [request] : [request, ask('sts:TagGetWebIdentityToken')]
    },
    async prepare(input, call): Promise<Sts.GetWebIdentityTokenResponse> {
      const algorithm = algorithmOf(input)
      const { iat, exp } = lifetimeOf(input, call)
      const payload = { ...payloadOf(input, call), iat, exp }
      refuseLongPayload(payload)
      const { importJWK, SignJWT } = await import('jose')
      const key = (await signingKeys(call.deps)).find(({ alg }) => alg === algorithm)! // there is one an algorithm
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: 'JWT' })
        .sign(await importJWK(key, algorithm))
      return { WebIdentityToken: token, Expiration: call.now + (exp - iat) * 1000 }
    },
    run: (_input, _call, prepared) => prepared,
    event: (_input, output) => (output === undefined ? {} : { responseElements: null }), // the token is a credential
  }),
})

function algorithmOf({ SigningAlgorithm: asked }: Sts.GetWebIdentityTokenRequest): SigningAlgorithm {
  const algorithm = signingAlgorithms.find((each) => each === asked)
  if (algorithm !== undefined) return algorithm
  throw fault(
    'ValidationError',
    'Requested SigningAlgorithm is not supported. See the GetWebIdentityToken documentation for supported algorithms',
    400,
  )
}

/** Returns the token's instants in seconds. @throws Fault if it would outlive the session (behaviour STS-142) */
function lifetimeOf({ Tags, DurationSeconds }: Sts.GetWebIdentityTokenRequest, call: Call) {
  refuseDuplicates(Tags ?? [])
  const { session } = signedCaller(call)
  const iat = Math.floor(call.now / 1000)
  const exp = iat + (DurationSeconds ?? defaultSeconds)
  if (session !== undefined && exp * 1000 > session.expiresAt) {
    throw fault(
      'SessionDurationEscalationException',
      "Requested token expiry time must be before the original session's expiry time.",
      403,
    )
  }
  return { iat, exp }
}

function payloadOf(input: Sts.GetWebIdentityTokenRequest, call: Call): JWTPayload {
  const caller = signedCaller(call)
  const federation = featuresOf(call.account).outboundFederation
  if (federation?.enabled !== true) throw disabled()
  refuseOrigin(input)
  return {
    iss: federation.issuer,
    aud: input.Audience.length === 1 ? input.Audience[0]! : [...input.Audience],
    sub: subjectOf(caller),
    jti: uuid(call.deps.random),
    'https://sts.amazonaws.com/': identityClaims(input, caller, call),
  }
}

function disabled(): Fault {
  return fault(
    'OutboundWebIdentityFederationDisabledException',
    'OutboundWebIdentityFederation is disabled.',
    403,
  )
}

function refuseLongPayload(payload: JWTPayload): void {
  if (Buffer.byteLength(JSON.stringify(payload)) <= payloadLimit) return
  throw fault('JWTPayloadSizeExceededException', 'JWT payload exceeds maximum allowed size', 400)
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
    ou_path: context.get('aws:PrincipalOrgPaths'),
    source_identity: caller.kind === 'role' ? caller.session.sourceIdentity : undefined,
    original_session_exp: caller.session && isoSeconds(caller.session.expiresAt),
    principal_tags: tagsObject(principalTags(caller)),
    request_tags: tagsObject((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  }
}

function isoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '')
}

/**
 * Returns the caller's tags as in aws:PrincipalTag: a session's replace those of its role or user with the same key.
 */
function principalTags(caller: SignedCaller): readonly (readonly [string, string])[] {
  const session = caller.session !== undefined && 'tags' in caller.session ? (caller.session.tags ?? []) : []
  const callerTags =
    caller.kind === 'role' ? caller.role.tags : caller.kind === 'user' ? caller.user.tags : []
  const byKey = new Map(
    [...callerTags, ...session].map(({ Key, Value }) => [Key.toLowerCase(), [Key, Value] as const]),
  )
  return [...byKey.values()]
}

function tagsObject(tags: readonly (readonly [string, string])[]) {
  return tags.length === 0 ? undefined : Object.fromEntries(tags)
}
