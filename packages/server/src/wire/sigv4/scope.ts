import type { Claim, SignatureProblem } from './types.ts'

const regionForm = /^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/

/**
 * Returns whether the credential scope is for `expectedService`, the signing name of the API that the request names.
 * All problems are in one message, sentence after sentence, as AWS does (behaviour SIG-13).
 */
export function checkScope(claim: Claim, expectedService: string): SignatureProblem | undefined {
  const { scopeDate, region, service, terminator, date } = claim
  let message = ''
  if (!regionForm.test(region)) message += 'Credential should be scoped to a valid region. '
  if (service !== expectedService) {
    message += `Credential should be scoped to correct service: '${expectedService}'. `
  }
  if (terminator !== 'aws4_request') {
    message += `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `
  }
  const day = date.slice(0, 8)
  if (scopeDate !== day) {
    message += `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${day}', from '${date}'.`
  }
  return message === '' ? undefined : { kind: 'scope', message }
}
