// Derived by tools/models.ts from the AWS Lambda model, version 2015-03-31. Not to be edited.

export interface AccountLimit {
  readonly TotalCodeSize?: number | undefined
  readonly CodeSizeUnzipped?: number | undefined
  readonly CodeSizeZipped?: number | undefined
  readonly ConcurrentExecutions?: number | undefined
  readonly UnreservedConcurrentExecutions?: number | undefined
}

export interface AccountUsage {
  readonly TotalCodeSize?: number | undefined
  readonly FunctionCount?: number | undefined
}

export interface AddPermissionRequest {
  readonly FunctionName: string
  readonly StatementId: string
  readonly Action: string
  readonly Principal: string
  readonly SourceArn?: string | undefined
  readonly SourceAccount?: string | undefined
  readonly EventSourceToken?: string | undefined
  readonly Qualifier?: string | undefined
  readonly RevisionId?: string | undefined
  readonly PrincipalOrgID?: string | undefined
  readonly FunctionUrlAuthType?: FunctionUrlAuthType | undefined
  readonly InvokedViaFunctionUrl?: boolean | undefined
}

export interface AddPermissionResponse {
  readonly Statement?: string | undefined
}

export interface AliasConfiguration {
  readonly AliasArn?: string | undefined
  readonly Name?: string | undefined
  readonly FunctionVersion?: string | undefined
  readonly Description?: string | undefined
  readonly RoutingConfig?: AliasRoutingConfiguration | undefined
  readonly RevisionId?: string | undefined
}

export interface AliasRoutingConfiguration {
  readonly AdditionalVersionWeights?: Readonly<Record<string, number>> | undefined
}

export type ApplicationLogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

export type Architecture = 'x86_64' | 'arm64'

export interface CapacityProviderConfig {
  readonly LambdaManagedInstancesCapacityProviderConfig: LambdaManagedInstancesCapacityProviderConfig
}

export interface CodeSigningConfigNotFoundException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface CodeStorageExceededException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface CodeVerificationFailedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface Concurrency {
  readonly ReservedConcurrentExecutions?: number | undefined
}

export interface CreateAliasRequest {
  readonly FunctionName: string
  readonly Name: string
  readonly FunctionVersion: string
  readonly Description?: string | undefined
  readonly RoutingConfig?: AliasRoutingConfiguration | undefined
}

export interface CreateFunctionRequest {
  readonly FunctionName: string
  readonly Runtime?: string | undefined
  readonly Role: string
  readonly Handler?: string | undefined
  readonly Code: FunctionCode
  readonly Description?: string | undefined
  readonly Timeout?: number | undefined
  readonly MemorySize?: number | undefined
  readonly Publish?: boolean | undefined
  readonly VpcConfig?: VpcConfig | undefined
  readonly PackageType?: PackageType | undefined
  readonly DeadLetterConfig?: DeadLetterConfig | undefined
  readonly Environment?: Environment | undefined
  readonly KMSKeyArn?: string | undefined
  readonly TracingConfig?: TracingConfig | undefined
  readonly Tags?: Readonly<Record<string, string>> | undefined
  readonly Layers?: readonly string[] | undefined
  readonly FileSystemConfigs?: readonly FileSystemConfig[] | undefined
  readonly ImageConfig?: ImageConfig | undefined
  readonly CodeSigningConfigArn?: string | undefined
  readonly Architectures?: readonly Architecture[] | undefined
  readonly EphemeralStorage?: EphemeralStorage | undefined
  readonly SnapStart?: SnapStart | undefined
  readonly LoggingConfig?: LoggingConfig | undefined
  readonly CapacityProviderConfig?: CapacityProviderConfig | undefined
  readonly PublishTo?: FunctionVersionLatestPublished | undefined
  readonly DurableConfig?: DurableConfig | undefined
  readonly TenancyConfig?: TenancyConfig | undefined
}

export interface DeadLetterConfig {
  readonly TargetArn?: string | undefined
}

export interface DeleteAliasRequest {
  readonly FunctionName: string
  readonly Name: string
}

export interface DeleteFunctionConcurrencyRequest {
  readonly FunctionName: string
}

export interface DeleteFunctionRequest {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
}

export interface DeleteFunctionResponse {
  readonly StatusCode?: number | undefined
}

export interface DeleteProvisionedConcurrencyConfigRequest {
  readonly FunctionName: string
  readonly Qualifier: string
}

export type DirectS3Read = 'AUTO' | 'DISABLED' | 'ENABLED'

export interface DurableConfig {
  readonly RetentionPeriodInDays?: number | undefined
  readonly ExecutionTimeout?: number | undefined
  readonly KMSKeyArn?: string | undefined
}

export interface DurableExecutionAlreadyStartedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface EC2AccessDeniedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface EC2ThrottledException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface EC2UnexpectedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
  readonly EC2ErrorCode?: string | undefined
}

export interface EFSIOException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface EFSMountConnectivityException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface EFSMountFailureException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface EFSMountTimeoutException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface ENILimitReachedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface Environment {
  readonly Variables?: Readonly<Record<string, string>> | undefined
}

export interface EnvironmentError {
  readonly ErrorCode?: string | undefined
  readonly Message?: string | undefined
}

export interface EnvironmentResponse {
  readonly Variables?: Readonly<Record<string, string>> | undefined
  readonly Error?: EnvironmentError | undefined
}

export interface EphemeralStorage {
  readonly Size: number
}

export interface FileSystemConfig {
  readonly Arn: string
  readonly LocalMountPath: string
  readonly S3FilesConfig?: S3FilesConfig | undefined
}

export interface FunctionCode {
  readonly ZipFile?: Uint8Array | undefined
  readonly S3Bucket?: string | undefined
  readonly S3Key?: string | undefined
  readonly S3ObjectVersion?: string | undefined
  readonly ImageUri?: string | undefined
  readonly SourceKMSKeyArn?: string | undefined
  readonly S3ObjectStorageMode?: S3ObjectStorageMode | undefined
}

export interface FunctionCodeLocation {
  readonly RepositoryType?: string | undefined
  readonly Location?: string | undefined
  readonly ImageUri?: string | undefined
  readonly ResolvedImageUri?: string | undefined
  readonly SourceKMSKeyArn?: string | undefined
  readonly ResolvedS3Object?: ResolvedS3Object | undefined
  readonly Error?: FunctionCodeLocationError | undefined
}

export interface FunctionCodeLocationError {
  readonly ErrorCode?: string | undefined
  readonly Message?: string | undefined
}

export interface FunctionConfiguration {
  readonly FunctionName?: string | undefined
  readonly FunctionArn?: string | undefined
  readonly Runtime?: string | undefined
  readonly Role?: string | undefined
  readonly Handler?: string | undefined
  readonly CodeSize?: number | undefined
  readonly Description?: string | undefined
  readonly Timeout?: number | undefined
  readonly MemorySize?: number | undefined
  readonly LastModified?: string | undefined
  readonly CodeSha256?: string | undefined
  readonly Version?: string | undefined
  readonly VpcConfig?: VpcConfigResponse | undefined
  readonly DeadLetterConfig?: DeadLetterConfig | undefined
  readonly Environment?: EnvironmentResponse | undefined
  readonly KMSKeyArn?: string | undefined
  readonly TracingConfig?: TracingConfigResponse | undefined
  readonly MasterArn?: string | undefined
  readonly RevisionId?: string | undefined
  readonly Layers?: readonly Layer[] | undefined
  readonly State?: State | undefined
  readonly StateReason?: string | undefined
  readonly StateReasonCode?: StateReasonCode | undefined
  readonly LastUpdateStatus?: LastUpdateStatus | undefined
  readonly LastUpdateStatusReason?: string | undefined
  readonly LastUpdateStatusReasonCode?: string | undefined
  readonly FileSystemConfigs?: readonly FileSystemConfig[] | undefined
  readonly PackageType?: PackageType | undefined
  readonly ImageConfigResponse?: ImageConfigResponse | undefined
  readonly SigningProfileVersionArn?: string | undefined
  readonly SigningJobArn?: string | undefined
  readonly Architectures?: readonly Architecture[] | undefined
  readonly EphemeralStorage?: EphemeralStorage | undefined
  readonly SnapStart?: SnapStartResponse | undefined
  readonly RuntimeVersionConfig?: RuntimeVersionConfig | undefined
  readonly LoggingConfig?: LoggingConfig | undefined
  readonly CapacityProviderConfig?: CapacityProviderConfig | undefined
  readonly ConfigSha256?: string | undefined
  readonly DurableConfig?: DurableConfig | undefined
  readonly TenancyConfig?: TenancyConfig | undefined
}

export type FunctionUrlAuthType = 'NONE' | 'AWS_IAM'

export type FunctionVersion = 'ALL'

export type FunctionVersionLatestPublished = 'LATEST_PUBLISHED'

export interface FunctionVersionsPerCapacityProviderLimitExceededException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export type GetAccountSettingsRequest = Readonly<Record<never, never>>

export interface GetAccountSettingsResponse {
  readonly AccountLimit?: AccountLimit | undefined
  readonly AccountUsage?: AccountUsage | undefined
}

export interface GetAliasRequest {
  readonly FunctionName: string
  readonly Name: string
}

export interface GetFunctionCodeSigningConfigRequest {
  readonly FunctionName: string
}

export interface GetFunctionCodeSigningConfigResponse {
  readonly CodeSigningConfigArn: string
  readonly FunctionName: string
}

export interface GetFunctionConcurrencyRequest {
  readonly FunctionName: string
}

export interface GetFunctionConcurrencyResponse {
  readonly ReservedConcurrentExecutions?: number | undefined
}

export interface GetFunctionConfigurationRequest {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
}

export interface GetFunctionRequest {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
}

export interface GetFunctionResponse {
  readonly Configuration?: FunctionConfiguration | undefined
  readonly Code?: FunctionCodeLocation | undefined
  readonly Tags?: Readonly<Record<string, string>> | undefined
  readonly TagsError?: TagsError | undefined
  readonly Concurrency?: Concurrency | undefined
}

export interface GetPolicyRequest {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
}

export interface GetPolicyResponse {
  readonly Policy?: string | undefined
  readonly RevisionId?: string | undefined
}

export interface GetProvisionedConcurrencyConfigRequest {
  readonly FunctionName: string
  readonly Qualifier: string
}

export interface GetProvisionedConcurrencyConfigResponse {
  readonly RequestedProvisionedConcurrentExecutions?: number | undefined
  readonly AvailableProvisionedConcurrentExecutions?: number | undefined
  readonly AllocatedProvisionedConcurrentExecutions?: number | undefined
  readonly Status?: ProvisionedConcurrencyStatusEnum | undefined
  readonly StatusReason?: string | undefined
  readonly LastModified?: string | undefined
}

export interface ImageConfig {
  readonly EntryPoint?: readonly string[] | undefined
  readonly Command?: readonly string[] | undefined
  readonly WorkingDirectory?: string | undefined
}

export interface ImageConfigError {
  readonly ErrorCode?: string | undefined
  readonly Message?: string | undefined
}

export interface ImageConfigResponse {
  readonly ImageConfig?: ImageConfig | undefined
  readonly Error?: ImageConfigError | undefined
}

export interface InvalidCodeSignatureException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface InvalidParameterValueException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface InvalidRequestContentException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface InvalidRuntimeException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface InvalidSecurityGroupIDException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface InvalidSubnetIDException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface InvalidZipFileException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface InvocationRequest {
  readonly FunctionName: string
  readonly InvocationType?: InvocationType | undefined
  readonly LogType?: LogType | undefined
  readonly ClientContext?: string | undefined
  readonly DurableExecutionName?: string | undefined
  readonly Payload?: Uint8Array | undefined
  readonly Qualifier?: string | undefined
  readonly TenantId?: string | undefined
}

export interface InvocationResponse {
  readonly StatusCode?: number | undefined
  readonly FunctionError?: string | undefined
  readonly LogResult?: string | undefined
  readonly Payload?: Uint8Array | undefined
  readonly ExecutedVersion?: string | undefined
  readonly DurableExecutionArn?: string | undefined
}

export type InvocationType = 'Event' | 'RequestResponse' | 'DryRun'

export interface KMSAccessDeniedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface KMSDisabledException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface KMSInvalidStateException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface KMSNotFoundException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface LambdaManagedInstancesCapacityProviderConfig {
  readonly CapacityProviderArn: string
  readonly PerExecutionEnvironmentMaxConcurrency?: number | undefined
  readonly ExecutionEnvironmentMemoryGiBPerVCpu?: number | undefined
}

export type LastUpdateStatus = 'Successful' | 'Failed' | 'InProgress'

export interface Layer {
  readonly Arn?: string | undefined
  readonly CodeSize?: number | undefined
  readonly SigningProfileVersionArn?: string | undefined
  readonly SigningJobArn?: string | undefined
}

export interface ListAliasesRequest {
  readonly FunctionName: string
  readonly FunctionVersion?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAliasesResponse {
  readonly NextMarker?: string | undefined
  readonly Aliases?: readonly AliasConfiguration[] | undefined
}

export interface ListFunctionsRequest {
  readonly MasterRegion?: string | undefined
  readonly FunctionVersion?: FunctionVersion | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListFunctionsResponse {
  readonly NextMarker?: string | undefined
  readonly Functions?: readonly FunctionConfiguration[] | undefined
}

export interface ListProvisionedConcurrencyConfigsRequest {
  readonly FunctionName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListProvisionedConcurrencyConfigsResponse {
  readonly ProvisionedConcurrencyConfigs?: readonly ProvisionedConcurrencyConfigListItem[] | undefined
  readonly NextMarker?: string | undefined
}

export interface ListTagsRequest {
  readonly Resource: string
}

export interface ListTagsResponse {
  readonly Tags?: Readonly<Record<string, string>> | undefined
}

export interface ListVersionsByFunctionRequest {
  readonly FunctionName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListVersionsByFunctionResponse {
  readonly NextMarker?: string | undefined
  readonly Versions?: readonly FunctionConfiguration[] | undefined
}

export type LogFormat = 'JSON' | 'Text'

export type LogType = 'None' | 'Tail'

export interface LoggingConfig {
  readonly LogFormat?: LogFormat | undefined
  readonly ApplicationLogLevel?: ApplicationLogLevel | undefined
  readonly SystemLogLevel?: SystemLogLevel | undefined
  readonly LogGroup?: string | undefined
}

export interface NoPublishedVersionException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export type PackageType = 'Zip' | 'Image'

export interface PolicyLengthExceededException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface PreconditionFailedException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface ProvisionedConcurrencyConfigListItem {
  readonly FunctionArn?: string | undefined
  readonly RequestedProvisionedConcurrentExecutions?: number | undefined
  readonly AvailableProvisionedConcurrentExecutions?: number | undefined
  readonly AllocatedProvisionedConcurrentExecutions?: number | undefined
  readonly Status?: ProvisionedConcurrencyStatusEnum | undefined
  readonly StatusReason?: string | undefined
  readonly LastModified?: string | undefined
}

export interface ProvisionedConcurrencyConfigNotFoundException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export type ProvisionedConcurrencyStatusEnum = 'IN_PROGRESS' | 'READY' | 'FAILED'

export interface PublishVersionRequest {
  readonly FunctionName: string
  readonly CodeSha256?: string | undefined
  readonly Description?: string | undefined
  readonly RevisionId?: string | undefined
  readonly PublishTo?: FunctionVersionLatestPublished | undefined
}

export interface PutFunctionConcurrencyRequest {
  readonly FunctionName: string
  readonly ReservedConcurrentExecutions: number
}

export interface PutProvisionedConcurrencyConfigRequest {
  readonly FunctionName: string
  readonly Qualifier: string
  readonly ProvisionedConcurrentExecutions: number
}

export interface PutProvisionedConcurrencyConfigResponse {
  readonly RequestedProvisionedConcurrentExecutions?: number | undefined
  readonly AvailableProvisionedConcurrentExecutions?: number | undefined
  readonly AllocatedProvisionedConcurrentExecutions?: number | undefined
  readonly Status?: ProvisionedConcurrencyStatusEnum | undefined
  readonly StatusReason?: string | undefined
  readonly LastModified?: string | undefined
}

export interface RecursiveInvocationException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface RemovePermissionRequest {
  readonly FunctionName: string
  readonly StatementId: string
  readonly Qualifier?: string | undefined
  readonly RevisionId?: string | undefined
}

export interface RequestTooLargeException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface ResolvedS3Object {
  readonly S3Bucket?: string | undefined
  readonly S3Key?: string | undefined
  readonly S3ObjectVersion?: string | undefined
}

export interface ResourceConflictException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface ResourceNotFoundException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface ResourceNotReadyException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface RuntimeVersionConfig {
  readonly RuntimeVersionArn?: string | undefined
  readonly Error?: RuntimeVersionError | undefined
}

export interface RuntimeVersionError {
  readonly ErrorCode?: string | undefined
  readonly Message?: string | undefined
}

export interface S3FilesConfig {
  readonly DirectS3Read?: DirectS3Read | undefined
}

export interface S3FilesMountConnectivityException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface S3FilesMountFailureException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface S3FilesMountTimeoutException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export type S3ObjectStorageMode = 'COPY' | 'REFERENCE'

export interface SerializedRequestEntityTooLargeException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface ServiceException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface SnapStart {
  readonly ApplyOn?: SnapStartApplyOn | undefined
}

export type SnapStartApplyOn = 'PublishedVersions' | 'None'

export interface SnapStartException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export interface SnapStartNotReadyException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export type SnapStartOptimizationStatus = 'On' | 'Off'

export interface SnapStartResponse {
  readonly ApplyOn?: SnapStartApplyOn | undefined
  readonly OptimizationStatus?: SnapStartOptimizationStatus | undefined
}

export interface SnapStartTimeoutException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export type State = 'Pending' | 'Active' | 'Inactive' | 'Failed' | 'Deactivating' | 'Deactivated' | 'ActiveNonInvocable' | 'Deleting'

export type StateReasonCode = 'Idle' | 'Creating' | 'Restoring' | 'EniLimitExceeded' | 'InsufficientRolePermissions' | 'InvalidConfiguration' | 'InternalError' | 'SubnetOutOfIPAddresses' | 'InvalidSubnet' | 'InvalidSecurityGroup' | 'ImageDeleted' | 'ImageAccessDenied' | 'InvalidImage' | 'KMSKeyAccessDenied' | 'KMSKeyNotFound' | 'InvalidStateKMSKey' | 'DisabledKMSKey' | 'EFSIOError' | 'EFSMountConnectivityError' | 'EFSMountFailure' | 'EFSMountTimeout' | 'InvalidRuntime' | 'InvalidZipFileException' | 'FunctionError' | 'DrainingDurableExecutions' | 'VcpuLimitExceeded' | 'CapacityProviderScalingLimitExceeded' | 'InsufficientCapacity' | 'EC2RequestLimitExceeded' | 'FunctionError.InitTimeout' | 'FunctionError.RuntimeInitError' | 'FunctionError.ExtensionInitError' | 'FunctionError.InvalidEntryPoint' | 'FunctionError.InvalidWorkingDirectory' | 'FunctionError.PermissionDenied' | 'FunctionError.TooManyExtensions' | 'FunctionError.InitResourceExhausted' | 'DisallowedByVpcEncryptionControl'

export interface SubnetIPAddressLimitReachedException {
  readonly Type?: string | undefined
  readonly Message?: string | undefined
}

export type SystemLogLevel = 'DEBUG' | 'INFO' | 'WARN'

export interface TagResourceRequest {
  readonly Resource: string
  readonly Tags: Readonly<Record<string, string>>
}

export interface TagsError {
  readonly ErrorCode: string
  readonly Message: string
}

export interface TenancyConfig {
  readonly TenantIsolationMode: TenantIsolationMode
}

export type TenantIsolationMode = 'PER_TENANT'

export type ThrottleReason = 'ConcurrentInvocationLimitExceeded' | 'FunctionInvocationRateLimitExceeded' | 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ReservedFunctionInvocationRateLimitExceeded' | 'CallerRateLimitExceeded' | 'ConcurrentSnapshotCreateLimitExceeded'

export interface TooManyRequestsException {
  readonly retryAfterSeconds?: string | undefined
  readonly Type?: string | undefined
  readonly message?: string | undefined
  readonly Reason?: ThrottleReason | undefined
}

export interface TracingConfig {
  readonly Mode?: TracingMode | undefined
}

export interface TracingConfigResponse {
  readonly Mode?: TracingMode | undefined
}

export type TracingMode = 'Active' | 'PassThrough'

export interface UnsupportedMediaTypeException {
  readonly Type?: string | undefined
  readonly message?: string | undefined
}

export interface UntagResourceRequest {
  readonly Resource: string
  readonly TagKeys: readonly string[]
}

export interface UpdateAliasRequest {
  readonly FunctionName: string
  readonly Name: string
  readonly FunctionVersion?: string | undefined
  readonly Description?: string | undefined
  readonly RoutingConfig?: AliasRoutingConfiguration | undefined
  readonly RevisionId?: string | undefined
}

export interface UpdateFunctionCodeRequest {
  readonly FunctionName: string
  readonly ZipFile?: Uint8Array | undefined
  readonly S3Bucket?: string | undefined
  readonly S3Key?: string | undefined
  readonly S3ObjectVersion?: string | undefined
  readonly ImageUri?: string | undefined
  readonly Publish?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly RevisionId?: string | undefined
  readonly Architectures?: readonly Architecture[] | undefined
  readonly SourceKMSKeyArn?: string | undefined
  readonly PublishTo?: FunctionVersionLatestPublished | undefined
  readonly S3ObjectStorageMode?: S3ObjectStorageMode | undefined
}

export interface UpdateFunctionConfigurationRequest {
  readonly FunctionName: string
  readonly Role?: string | undefined
  readonly Handler?: string | undefined
  readonly Description?: string | undefined
  readonly Timeout?: number | undefined
  readonly MemorySize?: number | undefined
  readonly VpcConfig?: VpcConfig | undefined
  readonly Environment?: Environment | undefined
  readonly Runtime?: string | undefined
  readonly DeadLetterConfig?: DeadLetterConfig | undefined
  readonly KMSKeyArn?: string | undefined
  readonly TracingConfig?: TracingConfig | undefined
  readonly RevisionId?: string | undefined
  readonly Layers?: readonly string[] | undefined
  readonly FileSystemConfigs?: readonly FileSystemConfig[] | undefined
  readonly ImageConfig?: ImageConfig | undefined
  readonly EphemeralStorage?: EphemeralStorage | undefined
  readonly SnapStart?: SnapStart | undefined
  readonly LoggingConfig?: LoggingConfig | undefined
  readonly CapacityProviderConfig?: CapacityProviderConfig | undefined
  readonly DurableConfig?: DurableConfig | undefined
}

export interface VpcConfig {
  readonly SubnetIds?: readonly string[] | undefined
  readonly SecurityGroupIds?: readonly string[] | undefined
  readonly Ipv6AllowedForDualStack?: boolean | undefined
}

export interface VpcConfigResponse {
  readonly SubnetIds?: readonly string[] | undefined
  readonly SecurityGroupIds?: readonly string[] | undefined
  readonly VpcId?: string | undefined
  readonly Ipv6AllowedForDualStack?: boolean | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  AddPermission: { readonly input: AddPermissionRequest; readonly output: AddPermissionResponse }
  CreateAlias: { readonly input: CreateAliasRequest; readonly output: AliasConfiguration }
  CreateFunction: { readonly input: CreateFunctionRequest; readonly output: FunctionConfiguration }
  DeleteAlias: { readonly input: DeleteAliasRequest; readonly output: undefined }
  DeleteFunction: { readonly input: DeleteFunctionRequest; readonly output: DeleteFunctionResponse }
  DeleteFunctionConcurrency: { readonly input: DeleteFunctionConcurrencyRequest; readonly output: undefined }
  DeleteProvisionedConcurrencyConfig: { readonly input: DeleteProvisionedConcurrencyConfigRequest; readonly output: undefined }
  GetAccountSettings: { readonly input: GetAccountSettingsRequest; readonly output: GetAccountSettingsResponse }
  GetAlias: { readonly input: GetAliasRequest; readonly output: AliasConfiguration }
  GetFunction: { readonly input: GetFunctionRequest; readonly output: GetFunctionResponse }
  GetFunctionCodeSigningConfig: { readonly input: GetFunctionCodeSigningConfigRequest; readonly output: GetFunctionCodeSigningConfigResponse }
  GetFunctionConcurrency: { readonly input: GetFunctionConcurrencyRequest; readonly output: GetFunctionConcurrencyResponse }
  GetFunctionConfiguration: { readonly input: GetFunctionConfigurationRequest; readonly output: FunctionConfiguration }
  GetPolicy: { readonly input: GetPolicyRequest; readonly output: GetPolicyResponse }
  GetProvisionedConcurrencyConfig: { readonly input: GetProvisionedConcurrencyConfigRequest; readonly output: GetProvisionedConcurrencyConfigResponse }
  Invoke: { readonly input: InvocationRequest; readonly output: InvocationResponse }
  ListAliases: { readonly input: ListAliasesRequest; readonly output: ListAliasesResponse }
  ListFunctions: { readonly input: ListFunctionsRequest; readonly output: ListFunctionsResponse }
  ListProvisionedConcurrencyConfigs: { readonly input: ListProvisionedConcurrencyConfigsRequest; readonly output: ListProvisionedConcurrencyConfigsResponse }
  ListTags: { readonly input: ListTagsRequest; readonly output: ListTagsResponse }
  ListVersionsByFunction: { readonly input: ListVersionsByFunctionRequest; readonly output: ListVersionsByFunctionResponse }
  PublishVersion: { readonly input: PublishVersionRequest; readonly output: FunctionConfiguration }
  PutFunctionConcurrency: { readonly input: PutFunctionConcurrencyRequest; readonly output: Concurrency }
  PutProvisionedConcurrencyConfig: { readonly input: PutProvisionedConcurrencyConfigRequest; readonly output: PutProvisionedConcurrencyConfigResponse }
  RemovePermission: { readonly input: RemovePermissionRequest; readonly output: undefined }
  TagResource: { readonly input: TagResourceRequest; readonly output: undefined }
  UntagResource: { readonly input: UntagResourceRequest; readonly output: undefined }
  UpdateAlias: { readonly input: UpdateAliasRequest; readonly output: AliasConfiguration }
  UpdateFunctionCode: { readonly input: UpdateFunctionCodeRequest; readonly output: FunctionConfiguration }
  UpdateFunctionConfiguration: { readonly input: UpdateFunctionConfigurationRequest; readonly output: FunctionConfiguration }
}
