import { type Call, family, signedCaller } from '../../authorization/index.ts'
import { assert } from '../../base/index.ts'
import { issueCode } from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { ask, invalidRequest } from './oauth-client.ts'
import { noteAllowed } from './public-client.ts'
import { type SignedInBy, sessionOf, type Who, withRoom } from './who.ts'

/** A code is good for ten minutes (behaviour SSO-5). */
const codeLifetime = 600_000

type Input = Signin.AuthorizeOAuth2AccessRequest

/** AuthorizeOAuth2Access: a person allows a program something, on the page alone (behaviours SSO-8, SGN-66). */
export const authorization = family<Signin.Operations>()({
  AuthorizeOAuth2Access: {
    readOnly: true,
    accounts(input, call) {
      // the page alone asks it: a caller with credentials needs no code for them
      if (call.origin.signIn === undefined || byOf(input) === undefined)
        throw invalidRequest('Open the address in a browser.')
      return input.resource === undefined ? [] : [call.deps.firstAccount]
    },
    requests: (input, call) => [
      ask(
        'signin:AuthorizeOAuth2Access',
        input,
        { 'signin:OAuthClientId': input.clientId, 'signin:OAuthRedirectUri': input.redirectUri },
        call,
      ),
    ],
    run(input, call) {
      const { clientId: client, redirectUri, codeChallenge: challenge } = input
      const who = whoOf(input, call)
      const until = call.now + codeLifetime
      const code = withRoom(() =>
        issueCode({ client, redirectUri, challenge, who, until }, call.account, call.deps),
      )
      return { code }
    },
    event: (input, output) => {
      const { scope = '', resource } = input
      return {
        requestParameters: {
          ...(resource !== undefined && { resource }),
          ...(scope !== '' && { scope }),
          redirect_uri: input.redirectUri,
          code_challenge_method: input.codeChallengeMethod,
          client_id: input.clientId,
        },
        responseElements: null,
        additionalEventData: {
          success: String(output !== undefined),
          ...(resource === undefined && { 'x-amzn-vpce-id': '' }),
        },
      }
    },
  },
})

function whoOf(input: Input, call: Call): Who {
  const { accessKeyId: _, secretAccessKey: __, ...claims } = sessionOf(signedCaller(call))
  const by = byOf(input)
  assert(by !== undefined, 'checked before')
  const { resource } = input
  if (resource === undefined) return { claims, by }
  const { grantTypes } = noteAllowed(input.clientId, call)
  return { claims, by, agent: { resource, renews: grantTypes.includes('refresh_token') } }
}

function byOf(input: Input): SignedInBy | undefined {
  return (input as { readonly by?: SignedInBy }).by // the page's input alone has it
}
