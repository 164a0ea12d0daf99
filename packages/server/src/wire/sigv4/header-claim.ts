import { hash } from 'node:crypto'
import { type HttpRequest, perText } from '../../base/index.ts'
import { asymmetricAlgorithm, badDate, credentialFor, parseRegionSet } from './credential.ts'
import { bytesOf } from './escape.ts'
import { basicDate, parseBasicDate, parseHttpDate } from './time.ts'
import type { Claim, SignatureProblem } from './types.ts'

/** Reads a claim from an Authorization header. */
export function readHeaderClaim(authorization: string, request: HttpRequest): Claim | SignatureProblem {
  const read = readAuthorization(authorization, request)
  return 'kind' in read && !authorization.startsWith('AWS4') && authorization.includes(' ')
    ? { ...read, kind: 'otherScheme', old: authorization.startsWith('AWS ') }
    : read
}

function readAuthorization(authorization: string, request: HttpRequest): Claim | Incomplete {
  const parameters = readParameters(authorization)
  if (typeof parameters === 'string') return incomplete(parameters)
  const { headers } = request
  const sentDate = headers['x-amz-date'] ?? headers.date

  let missing = ''
  if (!parameters.credential) missing += "Authorization header requires 'Credential' parameter. "
  if (!parameters.signature) missing += "Authorization header requires 'Signature' parameter. "
  if (!parameters.signedHeaders) missing += "Authorization header requires 'SignedHeaders' parameter. "
  if (!sentDate) {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
  }
  if (missing !== '') {
    return incomplete(
      `${missing}(Hashed with SHA-256 and encoded with Base64) Authorization=${fingerprint(authorization)}`,
    )
  }
  const credential = credentialFor(parameters.algorithm, parameters.credential)
  if (typeof credential === 'string') return incomplete(credential)
  const regionSet =
    parameters.algorithm === asymmetricAlgorithm ? parseRegionSet(headers['x-amz-region-set']) : undefined
  if (typeof regionSet === 'string') return incomplete(regionSet)
  const time = headers['x-amz-date'] ? parseBasicDate(sentDate!) : parseHttpDate(sentDate!)
  if (time === undefined) return incomplete(badDate(sentDate!))

  const sessionToken = headers['x-amz-security-token']
  const contentHash = headers['x-amz-content-sha256']
  return {
    form: 'header',
    ...credential,
    ...(regionSet === undefined ? {} : { regionSet }),
    signedHeaders: namesIn(parameters.signedHeaders),
    signature: parameters.signature,
    date: headers['x-amz-date'] ?? basicDate(time),
    time,
    ...(sessionToken ? { sessionToken } : {}),
    ...(contentHash === undefined ? {} : { contentHash }),
  }
}

/** A client signs the same headers with every call, so the last list is cached. */
const namesIn = perText((list): readonly string[] => list.split(';'), { length: 1_024 })

type Incomplete = SignatureProblem & { readonly kind: 'incomplete' }

interface Parameters {
  algorithm: string
  credential: string
  signedHeaders: string
  signature: string
}

/** Parses `ALGORITHM Name=value, Name=value …`; a string is AWS's error message. */
function readParameters(authorization: string): Parameters | string {
  const blank = authorization.indexOf(' ')
  let at = blank < 0 ? authorization.length : blank
  const parameters = {
    algorithm: authorization.slice(0, at),
    credential: '',
    signedHeaders: '',
    signature: '',
  }
  if (parameters.algorithm.includes('=')) {
    return 'Authorization header must begin with the algorithm name, which cannot include an equal-sign.'
  }
  while (at < authorization.length) {
    const comma = authorization.indexOf(',', at)
    const end = comma < 0 ? authorization.length : comma
    const pair = authorization.slice(at, end).trim()
    at = end + 1
    if (pair === '') continue
    const equals = pair.indexOf('=')
    if (equals < 0) {
      return `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${fingerprint(authorization)}'.`
    }
    const value = pair.slice(equals + 1)
    switch (pair.slice(0, equals)) {
      case 'Credential':
        parameters.credential = value
        break
      case 'SignedHeaders':
        parameters.signedHeaders = value
        break
      case 'Signature':
        parameters.signature = value
        break
    }
  }
  return parameters
}

/** AWS does not repeat what may contain a secret; it answers with the header's hash. */
function fingerprint(authorization: string): string {
  return hash('sha256', bytesOf(authorization), 'base64')
}

function incomplete(message: string): Incomplete {
  return { kind: 'incomplete', message }
}
