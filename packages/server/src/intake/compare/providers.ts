import { isCenterProvider } from '../../center/index.ts'
import {
  type OidcProvider,
  oidcProviders,
  resourcePolicies,
  type SamlProvider,
  samlProviders,
} from '../../directory/index.ts'
import type { OidcProviderImage, ResourcePolicyImage, SamlProviderImage } from '../../image/index.ts'
import { newSamlId, readSamlMetadata, samlValidity } from '../../services/iam/index.ts'
import { refusalOf, sameDocument } from './documents.ts'
import { type AccountPlan, Changes, sameSet, sameTags } from './plan.ts'

/** Compares an OpenID Connect provider. */
export function compareOidc(plan: AccountPlan, image: OidcProviderImage): void {
  const before = plan.before?.table(oidcProviders).find(image.url)
  if (before === undefined && image.clientIds === undefined) {
    const reason = 'the source does not have its client ids: add the answer of get-open-id-connect-provider'
    plan.notTake(image.at, 'OIDC provider', image.url, reason)
    return
  }
  const changes = new Changes()
  const base: OidcProvider = before ?? {
    url: image.url,
    createdAt: image.createdAt ?? plan.now,
    clientIds: [],
    thumbprints: [],
    tags: [],
  }
  const provider: OidcProvider = {
    url: base.url,
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
    clientIds: changes.of('client ids', base.clientIds, image.clientIds, sameSet),
    thumbprints: changes.of('thumbprints', base.thumbprints, image.thumbprints, sameSet),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
  }
  if (plan.recordChange('OIDC provider', image.url, image.at, before !== undefined, changes))
    plan.put(oidcProviders, provider)
}

/** Compares a SAML provider. */
export function compareSaml(plan: AccountPlan, image: SamlProviderImage): void {
  const before = plan.counterpart(samlProviders, image)
  const read = image.metadata === undefined ? undefined : readSamlMetadata(image.metadata)
  const isOfCenter = image.metadata !== undefined && isCenterProvider(image.name)
  if (read === undefined && !isOfCenter && (before === undefined || image.metadata !== undefined)) {
    const reason =
      image.metadata === undefined
        ? 'the source does not have its metadata: add the answer of get-saml-provider with its request'
        : 'its metadata cannot be read'
    plan.notTake(image.at, 'SAML provider', image.name, reason)
    return
  }
  const changes = new Changes()
  const createdAt = image.createdAt ?? plan.now
  const metadataRead = {
    entityId: read?.entityId ?? '',
    signingCertificates: read?.signingCertificates ?? [],
  }
  const base: SamlProvider = before ?? {
    id: image.id ?? newSamlId(plan.deps.random),
    name: image.name,
    path: '/',
    createdAt,
    metadata: image.metadata ?? '',
    ...metadataRead,
    validUntil: image.validUntil ?? samlValidity(read?.validUntil, plan.now),
    privateKeys: [],
    tags: [],
  }
  const isOther = image.metadata !== undefined && image.metadata !== base.metadata
  if (isOther) changes.names.push('metadata')
  const provider: SamlProvider = {
    ...base,
    ...(isOther ? { metadata: image.metadata ?? '', ...metadataRead } : {}),
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
    validUntil: changes.instant('end of validity', base.validUntil, image.validUntil),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
  }
  if (plan.recordChange('SAML provider', image.name, image.at, before !== undefined, changes))
    plan.put(samlProviders, provider)
}

/** Compares the policy of a resource that is not IAM's. */
export function compareResourcePolicy(plan: AccountPlan, image: ResourcePolicyImage): void {
  const before = plan.before?.table(resourcePolicies).find(image.arn)
  const refusal = refusalOf(image.document, 'resource')
  if (refusal !== undefined)
    plan.finding(image.at, 'invalid-policy', `AWS would not store the policy of ${image.arn}: ${refusal}`)
  const changes = new Changes()
  if (before !== undefined && !sameDocument(before.document, image.document)) changes.names.push('document')
  if (plan.recordChange('resource policy', image.arn, image.at, before !== undefined, changes))
    plan.put(resourcePolicies, { arn: image.arn, document: image.document })
}
