import type { KnownService } from '../../packages/server/src/model/types.ts'
import { type Botocore, protocolOf } from './botocore.ts'

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
      ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
