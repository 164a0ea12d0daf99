// Derived by tools/models.ts from the IAM Roles Anywhere model, version 2018-05-10. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export interface AttributeMapping {
  readonly certificateField?: CertificateField | undefined
  readonly mappingRules?: readonly MappingRule[] | undefined
}

export type CertificateField = 'x509Subject' | 'x509Issuer' | 'x509SAN'

export interface CreateProfileRequest {
  readonly name: string
  readonly requireInstanceProperties?: boolean | undefined
  readonly sessionPolicy?: string | undefined
  readonly roleArns: readonly string[]
  readonly managedPolicyArns?: readonly string[] | undefined
  readonly durationSeconds?: number | undefined
  readonly enabled?: boolean | undefined
  readonly tags?: readonly Tag[] | undefined
  readonly acceptRoleSessionName?: boolean | undefined
}

export interface CreateTrustAnchorRequest {
  readonly name: string
  readonly source: Source
  readonly enabled?: boolean | undefined
  readonly tags?: readonly Tag[] | undefined
  readonly notificationSettings?: readonly NotificationSetting[] | undefined
}

export interface CredentialSummary {
  readonly seenAt?: number | undefined
  readonly serialNumber?: string | undefined
  readonly issuer?: string | undefined
  readonly enabled?: boolean | undefined
  readonly x509CertificateData?: string | undefined
  readonly failed?: boolean | undefined
}

export interface CrlDetail {
  readonly crlId?: string | undefined
  readonly crlArn?: string | undefined
  readonly name?: string | undefined
  readonly enabled?: boolean | undefined
  readonly crlData?: Uint8Array | undefined
  readonly trustAnchorArn?: string | undefined
  readonly createdAt?: number | undefined
  readonly updatedAt?: number | undefined
}

export interface CrlDetailResponse {
  readonly crl: CrlDetail
}

export interface DeleteAttributeMappingRequest {
  readonly profileId: string
  readonly certificateField: CertificateField
  readonly specifiers?: readonly string[] | undefined
}

export interface DeleteAttributeMappingResponse {
  readonly profile: ProfileDetail
}

export interface ImportCrlRequest {
  readonly name: string
  readonly crlData: Uint8Array
  readonly enabled?: boolean | undefined
  readonly tags?: readonly Tag[] | undefined
  readonly trustAnchorArn: string
}

export interface InstanceProperty {
  readonly seenAt?: number | undefined
  readonly properties?: Readonly<Record<string, string>> | undefined
  readonly failed?: boolean | undefined
}

export interface ListCrlsResponse {
  readonly nextToken?: string | undefined
  readonly crls?: readonly CrlDetail[] | undefined
}

export interface ListProfilesResponse {
  readonly nextToken?: string | undefined
  readonly profiles?: readonly ProfileDetail[] | undefined
}

export interface ListRequest {
  readonly nextToken?: string | undefined
  readonly pageSize?: number | undefined
}

export interface ListSubjectsResponse {
  readonly subjects?: readonly SubjectSummary[] | undefined
  readonly nextToken?: string | undefined
}

export interface ListTagsForResourceRequest {
  readonly resourceArn: string
}

export interface ListTagsForResourceResponse {
  readonly tags?: readonly Tag[] | undefined
}

export interface ListTrustAnchorsResponse {
  readonly nextToken?: string | undefined
  readonly trustAnchors?: readonly TrustAnchorDetail[] | undefined
}

export interface MappingRule {
  readonly specifier: string
}

export type NotificationChannel = 'ALL'

export type NotificationEvent = 'CA_CERTIFICATE_EXPIRY' | 'END_ENTITY_CERTIFICATE_EXPIRY'

export interface NotificationSetting {
  readonly enabled: boolean
  readonly event: NotificationEvent
  readonly threshold?: number | undefined
  readonly channel?: NotificationChannel | undefined
}

export interface NotificationSettingDetail {
  readonly enabled: boolean
  readonly event: NotificationEvent
  readonly threshold?: number | undefined
  readonly channel?: NotificationChannel | undefined
  readonly configuredBy?: string | undefined
}

export interface ProfileDetail {
  readonly profileId?: string | undefined
  readonly profileArn?: string | undefined
  readonly name?: string | undefined
  readonly requireInstanceProperties?: boolean | undefined
  readonly enabled?: boolean | undefined
  readonly createdBy?: string | undefined
  readonly sessionPolicy?: string | undefined
  readonly roleArns?: readonly string[] | undefined
  readonly managedPolicyArns?: readonly string[] | undefined
  readonly createdAt?: number | undefined
  readonly updatedAt?: number | undefined
  readonly durationSeconds?: number | undefined
  readonly acceptRoleSessionName?: boolean | undefined
  readonly attributeMappings?: readonly AttributeMapping[] | undefined
}

export interface ProfileDetailResponse {
  readonly profile?: ProfileDetail | undefined
}

export interface PutAttributeMappingRequest {
  readonly profileId: string
  readonly certificateField: CertificateField
  readonly mappingRules: readonly MappingRule[]
}

export interface PutAttributeMappingResponse {
  readonly profile: ProfileDetail
}

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export interface ScalarCrlRequest {
  readonly crlId: string
}

export interface ScalarProfileRequest {
  readonly profileId: string
}

export interface ScalarSubjectRequest {
  readonly subjectId: string
}

export interface ScalarTrustAnchorRequest {
  readonly trustAnchorId: string
}

export interface Source {
  readonly sourceType?: TrustAnchorType | undefined
  readonly sourceData?: SourceData | undefined
}

export interface SourceData {
  readonly x509CertificateData?: string | undefined
  readonly acmPcaArn?: string | undefined
}

export interface SubjectDetail {
  readonly subjectArn?: string | undefined
  readonly subjectId?: string | undefined
  readonly enabled?: boolean | undefined
  readonly x509Subject?: string | undefined
  readonly lastSeenAt?: number | undefined
  readonly createdAt?: number | undefined
  readonly updatedAt?: number | undefined
  readonly credentials?: readonly CredentialSummary[] | undefined
  readonly instanceProperties?: readonly InstanceProperty[] | undefined
}

export interface SubjectDetailResponse {
  readonly subject?: SubjectDetail | undefined
}

export interface SubjectSummary {
  readonly subjectArn?: string | undefined
  readonly subjectId?: string | undefined
  readonly enabled?: boolean | undefined
  readonly x509Subject?: string | undefined
  readonly lastSeenAt?: number | undefined
  readonly createdAt?: number | undefined
  readonly updatedAt?: number | undefined
}

export interface Tag {
  readonly key: string
  readonly value: string
}

export interface TagResourceRequest {
  readonly resourceArn: string
  readonly tags: readonly Tag[]
}

export type TagResourceResponse = Readonly<Record<never, never>>

export interface TooManyTagsException {
  readonly message?: string | undefined
}

export interface TrustAnchorDetail {
  readonly trustAnchorId?: string | undefined
  readonly trustAnchorArn?: string | undefined
  readonly name?: string | undefined
  readonly source?: Source | undefined
  readonly enabled?: boolean | undefined
  readonly createdAt?: number | undefined
  readonly updatedAt?: number | undefined
  readonly notificationSettings?: readonly NotificationSettingDetail[] | undefined
}

export interface TrustAnchorDetailResponse {
  readonly trustAnchor: TrustAnchorDetail
}

export type TrustAnchorType = 'AWS_ACM_PCA' | 'CERTIFICATE_BUNDLE' | 'SELF_SIGNED_REPOSITORY'

export interface UntagResourceRequest {
  readonly resourceArn: string
  readonly tagKeys: readonly string[]
}

export type UntagResourceResponse = Readonly<Record<never, never>>

export interface UpdateCrlRequest {
  readonly crlId: string
  readonly name?: string | undefined
  readonly crlData?: Uint8Array | undefined
}

export interface UpdateProfileRequest {
  readonly profileId: string
  readonly name?: string | undefined
  readonly sessionPolicy?: string | undefined
  readonly roleArns?: readonly string[] | undefined
  readonly managedPolicyArns?: readonly string[] | undefined
  readonly durationSeconds?: number | undefined
  readonly acceptRoleSessionName?: boolean | undefined
}

export interface UpdateTrustAnchorRequest {
  readonly trustAnchorId: string
  readonly name?: string | undefined
  readonly source?: Source | undefined
}

export interface ValidationException {
  readonly message?: string | undefined
}

export interface CreateSessionRequest {
  readonly durationSeconds?: number | undefined
  readonly profileArn: string
  readonly roleArn: string
  readonly trustAnchorArn: string
  readonly roleSessionName?: string | undefined
  readonly cert?: string | undefined
}

export interface CreateSessionResponse {
  readonly credentialSet?: readonly SessionCredentials[] | undefined
  readonly subjectArn?: string | undefined
}

export interface SessionCredentials {
  readonly assumedRoleUser?: SessionRoleUser | undefined
  readonly credentials?: SessionKeys | undefined
  readonly packedPolicySize?: number | undefined
  readonly roleArn?: string | undefined
  readonly sourceIdentity?: string | undefined
}

export interface SessionRoleUser {
  readonly arn?: string | undefined
  readonly assumedRoleId?: string | undefined
}

export interface SessionKeys {
  readonly accessKeyId?: string | undefined
  readonly secretAccessKey?: string | undefined
  readonly sessionToken?: string | undefined
  readonly expiration?: number | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  CreateProfile: { readonly input: CreateProfileRequest; readonly output: ProfileDetailResponse }
  CreateTrustAnchor: { readonly input: CreateTrustAnchorRequest; readonly output: TrustAnchorDetailResponse }
  DeleteAttributeMapping: { readonly input: DeleteAttributeMappingRequest; readonly output: DeleteAttributeMappingResponse }
  DeleteCrl: { readonly input: ScalarCrlRequest; readonly output: CrlDetailResponse }
  DeleteProfile: { readonly input: ScalarProfileRequest; readonly output: ProfileDetailResponse }
  DeleteTrustAnchor: { readonly input: ScalarTrustAnchorRequest; readonly output: TrustAnchorDetailResponse }
  DisableCrl: { readonly input: ScalarCrlRequest; readonly output: CrlDetailResponse }
  DisableProfile: { readonly input: ScalarProfileRequest; readonly output: ProfileDetailResponse }
  DisableTrustAnchor: { readonly input: ScalarTrustAnchorRequest; readonly output: TrustAnchorDetailResponse }
  EnableCrl: { readonly input: ScalarCrlRequest; readonly output: CrlDetailResponse }
  EnableProfile: { readonly input: ScalarProfileRequest; readonly output: ProfileDetailResponse }
  EnableTrustAnchor: { readonly input: ScalarTrustAnchorRequest; readonly output: TrustAnchorDetailResponse }
  GetCrl: { readonly input: ScalarCrlRequest; readonly output: CrlDetailResponse }
  GetProfile: { readonly input: ScalarProfileRequest; readonly output: ProfileDetailResponse }
  GetSubject: { readonly input: ScalarSubjectRequest; readonly output: SubjectDetailResponse }
  GetTrustAnchor: { readonly input: ScalarTrustAnchorRequest; readonly output: TrustAnchorDetailResponse }
  ImportCrl: { readonly input: ImportCrlRequest; readonly output: CrlDetailResponse }
  ListCrls: { readonly input: ListRequest; readonly output: ListCrlsResponse }
  ListProfiles: { readonly input: ListRequest; readonly output: ListProfilesResponse }
  ListSubjects: { readonly input: ListRequest; readonly output: ListSubjectsResponse }
  ListTagsForResource: { readonly input: ListTagsForResourceRequest; readonly output: ListTagsForResourceResponse }
  ListTrustAnchors: { readonly input: ListRequest; readonly output: ListTrustAnchorsResponse }
  PutAttributeMapping: { readonly input: PutAttributeMappingRequest; readonly output: PutAttributeMappingResponse }
  TagResource: { readonly input: TagResourceRequest; readonly output: TagResourceResponse }
  UntagResource: { readonly input: UntagResourceRequest; readonly output: UntagResourceResponse }
  UpdateCrl: { readonly input: UpdateCrlRequest; readonly output: CrlDetailResponse }
  UpdateProfile: { readonly input: UpdateProfileRequest; readonly output: ProfileDetailResponse }
  UpdateTrustAnchor: { readonly input: UpdateTrustAnchorRequest; readonly output: TrustAnchorDetailResponse }
  CreateSession: { readonly input: CreateSessionRequest; readonly output: CreateSessionResponse }
}
