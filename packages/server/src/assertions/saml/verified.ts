import type { Call } from '../../authorization/index.ts'
import { factsOf, fault } from '../../base/index.ts'
import type { SamlProvider } from '../../directory/index.ts'
import { readAssertion, type SamlAssertion } from './assertion.ts'
import { isAddressOf } from './response.ts'
import { invalid, undiscovered } from './saml-faults.ts'
import { signedAssertion } from './signed-assertion.ts'

/** The tolerated difference between clocks (behaviour STS-95). */
const skew = 300_000

/**
 * Returns the assertion of a SAML response that a provider signed for AWS, and that is valid now.
 * @throws Fault InvalidIdentityToken, ExpiredTokenException
 */
export async function verifiedAssertion(
  response: string,
  provider: SamlProvider,
  call: Call,
): Promise<SamlAssertion> {
  const assertion = await readAssertion(await signedAssertion(response, provider, call))
  if (assertion.issuer !== provider.entityId)
    throw undiscovered(
      'Issuer not present in specified provider',
      'AuthSamlInvalidSamlResponseException',
      call.id,
    )
  checkTimes(assertion, provider.validUntil, call.now)
  checkAudience(assertion, provider, call)
  return assertion
}

/** @throws Fault if the assertion is not valid now (behaviour STS-95) */
function checkTimes({ notBefore, notOnOrAfter }: SamlAssertion, validUntil: number, now: number): void {
  if (now >= validUntil) throw invalid('Response signature invalid')
  if (now >= notOnOrAfter + skew || (notBefore !== undefined && now < notBefore - skew)) {
    throw fault('ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance', 400)
  }
}

function checkAudience(
  { audiences, recipient }: SamlAssertion,
  { id }: SamlProvider,
  { deps: { partition } }: Call,
): void {
  const { samlAudience } = factsOf(partition)
  const isOurs = (audience: string) => audience === samlAudience || isAddressOf(id, audience, partition)
  const forAll = audiences.length > 0 && audiences.every((named) => named.some(isOurs))
  if (!forAll || !isAddressOf(id, recipient, partition))
    throw invalid('Response does not contain the required audience.')
}
