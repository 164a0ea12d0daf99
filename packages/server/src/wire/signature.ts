import { Fault } from '../base/index.ts'
import { dialectOf } from './dialect.ts'
import type { SignatureProblem } from './sigv4/index.ts'
import type { Dialect, Route } from './types.ts'

/**
 * Returns the fault for a refused signature, in the words of the route's family of protocols (behaviours WIRE-60 to
 * WIRE-63).
 */
export function signatureFault(to: Route | Dialect, problem: SignatureProblem): Fault {
  switch (dialectOf(to)) {
    case 'query':
    case 'queryJson':
      return queryFault(problem)
    case 'ec2':
      return ec2Fault(problem)
    case 'json10':
    case 'json11':
      return jsonFault(problem, 400)
    case 'restJson':
      return jsonFault(problem, 403)
    case 'restXml':
      return restXmlFault(problem)
  }
}

const doesNotMatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.'
const invalidToken = 'The security token included in the request is invalid.'
const expiredToken = 'The security token included in the request is expired'

function queryFault(problem: SignatureProblem): Fault {
  switch (problem.kind) {
    case 'missing':
      return new Fault('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
    case 'incomplete':
    case 'otherScheme':
      return new Fault('IncompleteSignature', problem.message, 400)
    case 'unsignedHeaders':
      return new Fault('SignatureDoesNotMatch', mustBeSigned(problem), 403)
    case 'scope':
    case 'twice':
    case 'expired':
    case 'notYetValid':
      return new Fault('SignatureDoesNotMatch', problem.message, 403)
    case 'mismatch':
    case 'noHash':
    case 'bodyHash':
      return new Fault('SignatureDoesNotMatch', doesNotMatch, 403)
    case 'unknownKey':
    case 'invalidToken':
      return new Fault('InvalidClientTokenId', invalidToken, 403)
    case 'expiredToken':
      return new Fault('ExpiredToken', expiredToken, 403)
  }
}

function ec2Fault(problem: SignatureProblem): Fault {
  switch (problem.kind) {
    case 'missing':
      return new Fault('MissingParameter', 'The request must contain the parameter AWSAccessKeyId', 400)
    case 'incomplete':
    case 'otherScheme':
      return new Fault('IncompleteSignature', problem.message, 400)
    case 'expired':
    case 'notYetValid':
    case 'expiredToken':
      return new Fault('RequestExpired', 'Request has expired.', 400)
    case 'scope':
    case 'twice':
    case 'unsignedHeaders':
    case 'mismatch':
    case 'noHash':
    case 'bodyHash':
    case 'unknownKey':
    case 'invalidToken':
      return new Fault('AuthFailure', 'AWS was not able to validate the provided access credentials', 401)
  }
}

function jsonFault(problem: SignatureProblem, status: 400 | 403): Fault {
  switch (problem.kind) {
    case 'missing':
      return status === 400
        ? new Fault('MissingAuthenticationTokenException', 'Request is missing Authentication Token', status)
        : new Fault('MissingAuthenticationTokenException', 'Missing Authentication Token', status)
    case 'incomplete':
    case 'otherScheme':
      return new Fault('IncompleteSignatureException', problem.message, status)
    case 'unsignedHeaders':
      return new Fault('InvalidSignatureException', mustBeSigned(problem), status)
    case 'scope':
    case 'twice':
    case 'expired':
    case 'notYetValid':
      return new Fault('InvalidSignatureException', problem.message, status)
    case 'mismatch':
      return new Fault('InvalidSignatureException', doesNotMatch + computed(problem), status)
    case 'noHash':
    case 'bodyHash':
      return new Fault('InvalidSignatureException', doesNotMatch, status)
    case 'unknownKey':
    case 'invalidToken':
      return new Fault('UnrecognizedClientException', invalidToken, status)
    case 'expiredToken':
      return new Fault('ExpiredTokenException', expiredToken, status)
  }
}

function mustBeSigned({ names }: SignatureProblem & { kind: 'unsignedHeaders' }): string {
  return names.map((name) => `'${name}' must be a 'SignedHeader' in the AWS Authorization.`).join(' ')
}

/** The text that should have been signed: it contains only what the caller sent. */
function computed(problem: SignatureProblem & { kind: 'mismatch' }): string {
  return (
    `\n\nThe Canonical String for this request should have been\n'${problem.canonicalRequest}'` +
    `\n\nThe String-to-Sign should have been\n'${problem.stringToSign}'\n`
  )
}

function restXmlFault(problem: SignatureProblem): Fault {
  switch (problem.kind) {
    case 'missing':
      return new Fault('AccessDenied', 'Access Denied', 403)
    case 'incomplete':
    case 'scope':
      return new Fault('AuthorizationHeaderMalformed', problem.message, 400)
    case 'otherScheme':
      return problem.old ? oldSignature() : badAuthorization('Unsupported Authorization Type')
    case 'twice':
      return badAuthorization(
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter ' +
          'or the Authorization header should be specified',
      )
    case 'unsignedHeaders':
      return new Fault(
        'AccessDenied',
        'There were headers present in the request which were not signed',
        403,
        { HeadersNotSigned: problem.names.join(', ') },
      )
    case 'expired':
    case 'notYetValid':
      return new Fault(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
        { MaxAllowedSkewMilliseconds: 900_000 },
      )
    case 'mismatch':
      return new Fault(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        403,
        { StringToSign: problem.stringToSign, CanonicalRequest: problem.canonicalRequest },
      )
    case 'noHash':
      return new Fault(
        'InvalidRequest',
        'Missing required header for this request: x-amz-content-sha256',
        400,
      )
    case 'bodyHash':
      return new Fault(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        400,
      )
    case 'unknownKey':
      return new Fault(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        403,
      )
    case 'invalidToken':
      return new Fault('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400)
    case 'expiredToken':
      return new Fault('ExpiredToken', 'The provided token has expired.', 400)
  }
}

/** S3's answer to Signature Version 2, in a header or in a URL (behaviour WIRE-65). */
export function oldSignature(): Fault {
  return new Fault(
    'InvalidRequest',
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    400,
  )
}

/** S3 repeats the header as well; it may contain a secret, so it is left out here. */
function badAuthorization(message: string): Fault {
  return new Fault('InvalidArgument', message, 400, { ArgumentName: 'Authorization' })
}
