import type { PackedTemplate } from './packed.ts'
import type { Place } from './place.ts'

const form = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s

/** Entries of AWS Glue's catalog: stored in lower case, requested in any case. */
const ofCatalog = /^(?:database|table)\//

/**
 * The resource of the same name in the call's own region and account, if an ARN names another region, no region, or an
 * invalid account: some endpoints look only at the name (behaviour GRD-44). S3 access points are called from any
 * region, and another account's resource stays that account's.
 */
export function hereToo(
  arn: string,
  { regional, owned, placed }: PackedTemplate,
  where: Place,
): readonly string[] {
  const [, partition, service = '', region = '', account = '', rest = ''] = form.exec(arn) ?? []
  if (
    placed === true ||
    partition === undefined ||
    service.startsWith('s3') ||
    region === '*' ||
    account === '*'
  )
    return []
  const isThere = region !== '' && region !== where.region
  const isNowhere = regional && region === ''
  const isNobodys = owned && !/^\d{12}$/.test(account)
  const name = service === 'glue' && ofCatalog.test(rest) ? rest.toLowerCase() : rest
  if (partition === where.partition && !isThere && !isNowhere && !isNobodys && name === rest) return []
  const place = `${isThere || isNowhere ? where.region : region}:${isNobodys ? where.account : account}`
  return [`arn:${where.partition}:${service}:${place}:${name}`]
}
