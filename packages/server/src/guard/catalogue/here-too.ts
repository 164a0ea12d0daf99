import type { PackedTemplate } from './packed.ts'
import type { Place } from './place.ts'

const form = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s

/** What AWS Glue's catalog keeps under names in lower case, in whichever they are asked for. */
const ofCatalog = /^(?:database|table)\//

/**
 * The thing of that name in the call's own place, where an ARN names another region, no region, or an account that
 * is none: there are endpoints that look no further than the name (behaviour GRD-44). Access points of S3 are called
 * from any region, and what another account's is, is that account's.
 */
export function hereToo(arn: string, { regional, owned }: PackedTemplate, where: Place): readonly string[] {
  const [, partition, service = '', region = '', account = '', rest = ''] = form.exec(arn) ?? []
  if (partition === undefined || service.startsWith('s3') || region === '*' || account === '*') return []
  const isThere = region !== '' && region !== where.region
  const isNowhere = regional && region === ''
  const isNobodys = owned && !/^\d{12}$/.test(account)
  const name = service === 'glue' && ofCatalog.test(rest) ? rest.toLowerCase() : rest
  if (partition === where.partition && !isThere && !isNowhere && !isNobodys && name === rest) return []
  const place = `${isThere || isNowhere ? where.region : region}:${isNobodys ? where.account : account}`
  return [`arn:${where.partition}:${service}:${place}:${name}`]
}
