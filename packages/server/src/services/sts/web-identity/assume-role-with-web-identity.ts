import { verifyAccessToken, verifyToken } from '../../../assertions/index.ts'
import { audiencesOf, type Call, family, otherAccount, tokenKeysOf } from '../../../authorization/index.ts'
import { assert } from '../../../base/index.ts'
import type { Sts } from '../../../model/index.ts'
import type { WebIdentityCaller } from '../../../session/index.ts'
import { shapeForEvent } from '../../../trail/index.ts'
import { assertedForEvent, beginFederatedSession, federatedRequests, federatedRole } from '../federated.ts'
import { parseBearersRoleArn, roleSeconds } from '../role.ts'
import { type RoleSession, roleForEvent, sessionForEvent } from '../role-session.ts'
import { isForRole, sourceIdentityIn, tagsOf } from './claims.ts'

const action = 'sts:AssumeRoleWithWebIdentity'

/** AssumeRoleWithWebIdentity: an identity provider vouches for the caller. */
export const assumeRoleWithWebIdentity = family<Sts.Operations>()({
  AssumeRoleWithWebIdentity: {
    readOnly: true, // as AssumeRole (behaviour TRL-11)
    accounts: (input) => [parseBearersRoleArn(input.RoleArn).account],
    async identify(input, call): Promise<WebIdentityCaller> {
      const { account } = parseBearersRoleArn(input.RoleArn)
      return { kind: 'webIdentity', account, assertion: await assertionOf(input, call) }
    },
    requests: (input, call) =>
      federatedRequests(action, input.RoleArn, input.RoleSessionName, bearer(call), call).map((request) => ({
        ...request,
        context: { ...request.context, 'sts:RoleAuthorizedByIdp': bearer(call).assertion.isForRole },
      })),
    run(input, call) {
      const caller = bearer(call)
      const { assertion } = caller
      const federated = federatedRole(action, input.RoleArn, call)
      const seconds = roleSeconds(input.DurationSeconds, federated.role)
      const { RoleSessionName: sessionName } = input
      const session = beginFederatedSession(federated, caller, input, { sessionName, seconds }, call)
      return {
        ...session,
        SubjectFromWebIdentityToken: assertion.subject,
        Provider: assertion.provider,
        Audience: assertion.audience,
      }
    },
    event(input, output, call) {
      const { account } = parseBearersRoleArn(input.RoleArn)
      return {
        resources: [roleForEvent(input.RoleArn, account)],
        ...(output && {
          requestParameters: parametersForEvent(input, call),
          additionalEventData: {
            identityProviderConnectionVerificationMethod: bearer(call).assertion.proof,
            ...(bearer(call).assertion.isForRole && { RoleAuthorizedByIdp: true }),
          },
          responseElements: {
            ...sessionForEvent(output as RoleSession), // `run` spreads one
            subjectFromWebIdentityToken: output.SubjectFromWebIdentityToken,
            provider: output.Provider,
            audience: output.Audience,
          },
        }),
      }
    },
  },
})

async function assertionOf(
  input: Sts.AssumeRoleWithWebIdentityRequest,
  call: Call,
): Promise<WebIdentityCaller['assertion']> {
  if (input.ProviderId !== undefined) {
    return verifyAccessToken(input.ProviderId, input.WebIdentityToken, call.deps)
  }
  // a missing account has no providers, but the token is checked all the same
  const account = otherAccount(call, parseBearersRoleArn(input.RoleArn).account) ?? call.account
  const { provider, issuer, subject, claims, proof } = await verifyToken(input.WebIdentityToken, {
    ...call,
    account,
  })
  const sourceIdentity = sourceIdentityIn(claims)
  return {
    provider: provider.principal,
    issuer,
    subject,
    audience: audiencesOf(claims)[0] ?? '',
    proof,
    isForRole: isForRole(claims, input.RoleArn),
    keys: tokenKeysOf(claims, provider.prefix),
    ...tagsOf(claims),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  }
}

/** Returns the request and the token's content, never the token (behaviour STS-107). */
function parametersForEvent(input: Sts.AssumeRoleWithWebIdentityRequest, call: Call) {
  const parameters = shapeForEvent(call.service, 'AssumeRoleWithWebIdentityRequest', input)
  return {
    ...(parameters as Record<string, unknown>), // of a structure
    ...assertedForEvent(bearer(call).assertion),
  }
}

/** The subject of the token. */
function bearer({ caller }: Call): WebIdentityCaller {
  assert(caller.kind === 'webIdentity', 'the token is verified first')
  return caller
}
