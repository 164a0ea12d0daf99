import { createHash } from 'node:crypto'
import { invalid, undiscovered, verifiedAssertion } from '../../../assertions/index.ts'
import { type Call, family, otherAccount } from '../../../authorization/index.ts'
import { assert, fault } from '../../../base/index.ts'
import { findSamlProvider } from '../../../directory/index.ts'
import type { Sts } from '../../../model/index.ts'
import type { SamlCaller } from '../../../session/index.ts'
import { shapeForEvent } from '../../../trail/index.ts'
import { assertedForEvent, beginFederatedSession, federatedRequests, federatedRole } from '../federated.ts'
import { parseBearersRoleArn, roleSeconds } from '../role.ts'
import { type RoleSession, roleForEvent, sessionForEvent } from '../role-session.ts'
import { attributeKeys, grantsRole, samlTags, sessionNameOf, sourceIdentityOf } from './attributes.ts'

const action = 'sts:AssumeRoleWithSAML'

/** AssumeRoleWithSAML: an identity provider of the account vouches for the caller. */
export const assumeRoleWithSaml = family<Sts.Operations>()({
  AssumeRoleWithSAML: {
    readOnly: true, // as AssumeRole (behaviour TRL-11)
    accounts: (input) => [parseBearersRoleArn(input.RoleArn).account],
    identify,
    requests: (input, call) => {
      const caller = bearer(call)
      return federatedRequests(action, input.RoleArn, caller.assertion.sessionName, caller, call)
    },
    run(input, call) {
      const caller = bearer(call)
      const { assertion } = caller
      const federated = federatedRole(action, input.RoleArn, call)
      const seconds = secondsOf(
        roleSeconds(input.DurationSeconds, federated.role),
        assertion.sessionEndsAt,
        call.now,
      )
      const { sessionName } = assertion
      const session = beginFederatedSession(federated, caller, input, { sessionName, seconds }, call)
      const { subject, subjectType, issuer, audience, nameQualifier } = assertion
      return {
        ...session,
        Subject: subject,
        SubjectType: subjectType,
        Issuer: issuer,
        Audience: audience,
        NameQualifier: nameQualifier,
      }
    },
    event(input, output, call) {
      const { account } = parseBearersRoleArn(input.RoleArn)
      return {
        resources: [
          roleForEvent(input.RoleArn, account),
          { accountId: account, type: 'AWS::IAM::SAMLProvider', ARN: input.PrincipalArn },
        ],
        ...(output && {
          requestParameters: parametersForEvent(input, call),
          responseElements: {
            ...sessionForEvent(output as RoleSession), // `run` spreads one
            subject: output.Subject,
            subjectType: output.SubjectType,
            issuer: output.Issuer,
            audience: output.Audience,
            nameQualifier: output.NameQualifier,
          },
        }),
      }
    },
  },
})

/** Returns the identity that the provider states. The provider must belong to the role's account. @throws Fault */
async function identify(input: Sts.AssumeRoleWithSAMLRequest, call: Call): Promise<SamlCaller> {
  const { account: accountId } = parseBearersRoleArn(input.RoleArn)
  const account = otherAccount(call, accountId)
  const provider = account && findSamlProvider(account, input.PrincipalArn)
  if (provider === undefined)
    throw undiscovered("Specified provider doesn't exist", 'AuthSamlManifestNotFoundException', call.id)
  const assertion = await verifiedAssertion(input.SAMLAssertion, provider, call)
  if (!grantsRole(assertion, input.RoleArn, input.PrincipalArn)) {
    throw invalid("SAML Assertion doesn't contain the requested Role and Metadata in the attributes")
  }
  const { id, issuer, nameId: subject, recipient: audience } = assertion
  const subjectType = assertion.nameIdFormat.replace(/^urn:oasis:names:tc:SAML:2\.0:nameid-format:/, '')
  const nameQualifier = createHash('sha1').update(`${issuer}${accountId}/${provider.name}`).digest('base64')
  const sourceIdentity = sourceIdentityOf(assertion)
  return {
    kind: 'saml',
    account: accountId,
    assertion: {
      provider: input.PrincipalArn,
      id,
      issuer,
      subject,
      subjectType,
      audience,
      nameQualifier,
      sessionName: sessionNameOf(assertion),
      keys: {
        'saml:aud': [audience],
        'saml:iss': [issuer],
        'saml:sub': [subject],
        'saml:sub_type': [subjectType],
        'saml:namequalifier': [nameQualifier],
        'saml:doc': [`${accountId}/${provider.name}`],
        ...attributeKeys(assertion),
      },
      ...samlTags(assertion),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      ...(assertion.sessionNotOnOrAfter !== undefined && { sessionEndsAt: assertion.sessionNotOnOrAfter }),
    },
  }
}

/** Limits the session to the provider's own session (behaviour STS-96). */
function secondsOf(seconds: number, sessionEndsAt: number | undefined, now: number): number {
  if (sessionEndsAt === undefined) return seconds
  const left = Math.floor((sessionEndsAt - now) / 1000)
  if (left > 0) return Math.min(seconds, left)
  throw fault('ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance', 400)
}

/** Returns what CloudTrail writes: the content of the assertion, never the assertion (behaviour STS-97). */
function parametersForEvent(input: Sts.AssumeRoleWithSAMLRequest, call: Call) {
  const { assertion } = bearer(call)
  const parameters = shapeForEvent(call.service, 'AssumeRoleWithSAMLRequest', input)
  return {
    sAMLAssertionID: assertion.id,
    roleSessionName: assertion.sessionName,
    ...assertedForEvent(assertion),
    ...(parameters as Record<string, unknown>), // of a structure
  }
}

/** The subject of the assertion. */
function bearer({ caller }: Call): SamlCaller {
  assert(caller.kind === 'saml', 'the assertion is verified first')
  return caller
}
