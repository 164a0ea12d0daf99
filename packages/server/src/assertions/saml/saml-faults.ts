import { fault } from '../../base/index.ts'

/** The messages about identity providers, in STS's words (behaviour STS-92). */
export function undiscovered(
  message: string,
  code: 'AuthSamlManifestNotFoundException' | 'AuthSamlInvalidSamlResponseException',
  requestId: string,
) {
  return invalid(
    `${message} (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
  )
}

/** A response that is not right. */
export function invalid(message: string) {
  return fault('InvalidIdentityToken', message, 400)
}
