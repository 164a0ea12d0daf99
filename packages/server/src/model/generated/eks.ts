// Derived by tools/models.ts from the Amazon Elastic Kubernetes Service model, version 2017-11-01. Not to be edited.

export interface BadRequestException {
  readonly message?: string | undefined
}

export interface CreatePodIdentityAssociationRequest {
  readonly clusterName: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly roleArn: string
  readonly clientRequestToken?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly disableSessionTags?: boolean | undefined
  readonly targetRoleArn?: string | undefined
  readonly policy?: string | undefined
}

export interface CreatePodIdentityAssociationResponse {
  readonly association?: PodIdentityAssociation | undefined
}

export interface DeletePodIdentityAssociationRequest {
  readonly clusterName: string
  readonly associationId: string
}

export interface DeletePodIdentityAssociationResponse {
  readonly association?: PodIdentityAssociation | undefined
}

export interface DescribePodIdentityAssociationRequest {
  readonly clusterName: string
  readonly associationId: string
}

export interface DescribePodIdentityAssociationResponse {
  readonly association?: PodIdentityAssociation | undefined
}

export interface InvalidParameterException {
  readonly clusterName?: string | undefined
  readonly nodegroupName?: string | undefined
  readonly fargateProfileName?: string | undefined
  readonly addonName?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly message?: string | undefined
}

export interface InvalidRequestException {
  readonly clusterName?: string | undefined
  readonly nodegroupName?: string | undefined
  readonly addonName?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly message?: string | undefined
}

export interface ListPodIdentityAssociationsRequest {
  readonly clusterName: string
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

export interface ListPodIdentityAssociationsResponse {
  readonly associations?: readonly PodIdentityAssociationSummary[] | undefined
  readonly nextToken?: string | undefined
}

export interface ListTagsForResourceRequest {
  readonly resourceArn: string
}

export interface ListTagsForResourceResponse {
  readonly tags?: Readonly<Record<string, string>> | undefined
}

export interface NotFoundException {
  readonly message?: string | undefined
}

export interface PodIdentityAssociation {
  readonly clusterName?: string | undefined
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly roleArn?: string | undefined
  readonly associationArn?: string | undefined
  readonly associationId?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly createdAt?: number | undefined
  readonly modifiedAt?: number | undefined
  readonly ownerArn?: string | undefined
  readonly disableSessionTags?: boolean | undefined
  readonly targetRoleArn?: string | undefined
  readonly externalId?: string | undefined
  readonly policy?: string | undefined
}

export interface PodIdentityAssociationSummary {
  readonly clusterName?: string | undefined
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly associationArn?: string | undefined
  readonly associationId?: string | undefined
  readonly ownerArn?: string | undefined
}

export interface ResourceInUseException {
  readonly clusterName?: string | undefined
  readonly nodegroupName?: string | undefined
  readonly addonName?: string | undefined
  readonly message?: string | undefined
}

export interface ResourceLimitExceededException {
  readonly clusterName?: string | undefined
  readonly nodegroupName?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly message?: string | undefined
}

export interface ResourceNotFoundException {
  readonly clusterName?: string | undefined
  readonly nodegroupName?: string | undefined
  readonly fargateProfileName?: string | undefined
  readonly addonName?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly message?: string | undefined
}

export interface ServerException {
  readonly clusterName?: string | undefined
  readonly nodegroupName?: string | undefined
  readonly addonName?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly message?: string | undefined
}

export interface TagResourceRequest {
  readonly resourceArn: string
  readonly tags: Readonly<Record<string, string>>
}

export type TagResourceResponse = Readonly<Record<never, never>>

export interface UntagResourceRequest {
  readonly resourceArn: string
  readonly tagKeys: readonly string[]
}

export type UntagResourceResponse = Readonly<Record<never, never>>

export interface UpdatePodIdentityAssociationRequest {
  readonly clusterName: string
  readonly associationId: string
  readonly roleArn?: string | undefined
  readonly clientRequestToken?: string | undefined
  readonly disableSessionTags?: boolean | undefined
  readonly targetRoleArn?: string | undefined
  readonly policy?: string | undefined
}

export interface UpdatePodIdentityAssociationResponse {
  readonly association?: PodIdentityAssociation | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  CreatePodIdentityAssociation: { readonly input: CreatePodIdentityAssociationRequest; readonly output: CreatePodIdentityAssociationResponse }
  DeletePodIdentityAssociation: { readonly input: DeletePodIdentityAssociationRequest; readonly output: DeletePodIdentityAssociationResponse }
  DescribePodIdentityAssociation: { readonly input: DescribePodIdentityAssociationRequest; readonly output: DescribePodIdentityAssociationResponse }
  ListPodIdentityAssociations: { readonly input: ListPodIdentityAssociationsRequest; readonly output: ListPodIdentityAssociationsResponse }
  ListTagsForResource: { readonly input: ListTagsForResourceRequest; readonly output: ListTagsForResourceResponse }
  TagResource: { readonly input: TagResourceRequest; readonly output: TagResourceResponse }
  UntagResource: { readonly input: UntagResourceRequest; readonly output: UntagResourceResponse }
  UpdatePodIdentityAssociation: { readonly input: UpdatePodIdentityAssociationRequest; readonly output: UpdatePodIdentityAssociationResponse }
}
