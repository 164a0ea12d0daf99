import type { KnownService } from '../../packages/server/src/model/index.ts'
import { type Botocore, protocolOf, type RawModel } from './botocore.ts'

/** Services that are newer than botocore's copy: Account Access API Reference, 2026. */
const newer: readonly KnownService[] = ['account-access', 'account-access-runtime'].map((id) => ({
  id,
  title: id === 'account-access' ? 'Account Access' : 'Account Access Runtime',
  protocol: 'restJson',
  apiVersion: '2018-05-10',
  endpointPrefix: id,
  signingName: id,
}))

/** How to recognise each of AWS's services in a request, so that one that is not served can be named. */
export function knownServices(source: Botocore): readonly KnownService[] {
  const published = source.all().map(
    ({ folder, model: { metadata } }): KnownService => ({
      id: folder,
      title: metadata.serviceFullName,
      protocol: protocolOf(metadata),
      apiVersion: metadata.apiVersion,
      endpointPrefix: metadata.endpointPrefix,
      signingName: metadata.signingName ?? metadata.endpointPrefix,
      ...(speaksQuery(metadata) && { query: true }),
      ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    }),
  )
  const ids = new Set(published.map(({ id }) => id))
  return [...published, ...newer.filter(({ id }) => !ids.has(id))].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Some services, such as SQS and CloudWatch, have gone over to newer protocols and still know the query form. */
function speaksQuery({ protocol, protocols, awsQueryCompatible }: RawModel['metadata']): boolean {
  if (awsQueryCompatible) return true
  return [protocol, ...(protocols ?? [])].some((name) => name === 'query' || name === 'ec2')
}
