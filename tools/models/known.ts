import type { KnownService } from '../../packages/server/src/model/index.ts'
import { type Botocore, protocolOf, type RawModel } from './botocore.ts'

/** How to recognise each of AWS's services in a request, so that one that is not served can be named. */
export function knownServices(source: Botocore): readonly KnownService[] {
  return source
    .all()
    .map(({ folder, model: { metadata } }) => ({
      id: folder,
      title: metadata.serviceFullName,
      protocol: protocolOf(metadata),
      apiVersion: metadata.apiVersion,
      endpointPrefix: metadata.endpointPrefix,
      signingName: metadata.signingName ?? metadata.endpointPrefix,
      ...(speaksQuery(metadata) && { query: true }),
      ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Some services, such as SQS and CloudWatch, have gone over to newer protocols and still know the query form. */
function speaksQuery({ protocol, protocols, awsQueryCompatible }: RawModel['metadata']): boolean {
  if (awsQueryCompatible) return true
  return [protocol, ...(protocols ?? [])].some((name) => name === 'query' || name === 'ec2')
}
