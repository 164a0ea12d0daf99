import { factsOf, type Partition, scopedRegion } from '../../base/index.ts'
import type { Claim, SignatureProblem } from './types.ts'

/**
 * Returns whether the credential scope is for `expectedService`, the signing name of the API that the request names.
 * All problems are in one message, sentence after sentence, as AWS does (behaviour SIG-13).
 */
export function checkScope(
  claim: Claim,
  expectedService: string,
  partition: Partition,
): SignatureProblem | undefined {
  const { scopeDate, service, terminator, date } = claim
  let message = ''
  if (regionIn(claim, expectedService, partition) === undefined)
    message += 'Credential should be scoped to a valid region. '
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

/** Returns the region of a signed call; the partition's global region if the scope names none of its regions. */
export function regionOf(claim: Claim, service: string, partition: Partition): string {
  return regionIn(claim, service, partition) ?? factsOf(partition).globalRegion
}

function regionIn({ region, regionSet }: Claim, service: string, partition: Partition): string | undefined {
  if (regionSet === undefined) return scopedRegion(partition, service, region)
  for (const each of regionSet) {
    const meant = regionOfPattern(each, service, partition)
    if (meant !== undefined) return meant
  }
  return undefined
}

/** Returns a region that an entry of a region set names or, with its wildcard, covers (behaviour SIG-52). */
function regionOfPattern(pattern: string, service: string, partition: Partition): string | undefined {
  const star = pattern.indexOf('*')
  if (star < 0) return scopedRegion(partition, service, pattern)
  const { globalRegion, regionForm } = factsOf(partition)
  if (star !== pattern.length - 1) return undefined
  const prefix = pattern.slice(0, star)
  return [globalRegion, ...firstRegions, `${prefix}1`].find(
    (each) => each.startsWith(prefix) && regionForm.test(each),
  )
}

/** A region of each part of the world, for wildcards that cover no global one. */
const firstRegions = [
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-southeast-1',
  'ap-northeast-1',
  'ca-central-1',
  'sa-east-1',
  'me-south-1',
  'af-south-1',
  'il-central-1',
  'mx-central-1',
]
