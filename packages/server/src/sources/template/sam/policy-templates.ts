/** A statement of a policy template: its actions, and its resources with the parameters in them. */
export interface TemplateStatement {
  /** Of one service, its prefix first: `sqs: ReceiveMessage DeleteMessage`. */
  readonly actions: string
  /** `@` is the partition, service, region and account of an ARN: `@sqs:${QueueName}`. */
  readonly resources: readonly string[]
  /** A key whose value must be a text. */
  readonly condition?: readonly [key: string, value: string]
}

const one = (actions: string, ...resources: readonly string[]): readonly TemplateStatement[] => [
  { actions, resources: resources.length === 0 ? ['*'] : resources },
]
const table = ['@dynamodb:table/${TableName}', '@dynamodb:table/${TableName}/index/*']
const bucket = 'arn:${AWS::Partition}:s3:::${BucketName}'
const collection = '@rekognition:collection/${CollectionId}'
const cluster = '@elasticmapreduce:cluster/${ClusterId}'
const identity = '@ses:identity/${IdentityName}'
const repositoryRead =
  'BatchDescribeMergeConflicts DescribeMergeConflicts GetMergeCommit GetMergeOptions BatchGetPullRequests ' +
  'DescribePullRequestEvents GetCommentsForPullRequest GetCommitsFromMergeBase GetMergeConflicts GetPullRequest ' +
  'ListPullRequests GetBlob GetFile GetFolder GetComment GetCommentsForComparedCommit BatchGetCommits GetCommit ' +
  'GetCommitHistory GetDifferences GetObjectIdentifier GetReferences GetTree GetRepository ListTagsForResource ' +
  'GetRepositoryTriggers TestRepositoryTriggers GetUploadArchiveStatus'
const repositoryWrite =
  'GitPush CreateBranch DeleteBranch MergeBranchesByFastForward MergeBranchesBySquash MergeBranchesByThreeWay ' +
  'UpdateDefaultBranch CreateUnreferencedMergeCommit CreatePullRequest MergePullRequestByFastForward ' +
  'MergePullRequestBySquash MergePullRequestByThreeWay PostCommentForPullRequest UpdatePullRequestDescription ' +
  'UpdatePullRequestStatus UpdatePullRequestTitle DeleteFile PutFile DeleteCommentContent PostCommentForComparedCommit ' +
  'PostCommentReply UpdateComment CreateCommit UpdateRepositoryDescription TagResource UntagResource ' +
  'PutRepositoryTriggers UploadArchive CancelUploadArchive'

/**
 * The policy templates of the AWS Serverless Application Model by name. Source: policy_templates.json of the SAM
 * translator 1.110, as of 2026-12-02 (behaviour GRD-626); see NOTICE.
 */
export const policyTemplates: Readonly<Record<string, readonly TemplateStatement[] | undefined>> = {
  AMIDescribePolicy: one('ec2: DescribeImages'),
  AWSSecretsManagerGetSecretValuePolicy: one('secretsmanager: GetSecretValue', '${SecretArn}'),
  AWSSecretsManagerRotationPolicy: [
    {
      actions: 'secretsmanager: DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage',
      resources: ['@secretsmanager:secret:*'],
      condition: ['secretsmanager:resource/AllowRotationLambdaArn', '@lambda:function:${FunctionName}'],
    },
    { actions: 'secretsmanager: GetRandomPassword', resources: ['*'] },
  ],
  AcmGetCertificatePolicy: one('acm: GetCertificate', '${CertificateArn}'),
  AthenaQueryPolicy: [
    {
      actions:
        'athena: ListWorkGroups GetExecutionEngine GetExecutionEngines GetNamespace GetCatalogs GetNamespaces GetTables GetTable',
      resources: ['*'],
    },
    {
      actions:
        'athena: StartQueryExecution GetQueryResults DeleteNamedQuery GetNamedQuery ListQueryExecutions StopQueryExecution ' +
        'GetQueryResultsStream ListNamedQueries CreateNamedQuery GetQueryExecution BatchGetNamedQuery BatchGetQueryExecution GetWorkGroup',
      resources: ['@athena:workgroup/${WorkGroupName}'],
    },
  ],
  CloudFormationDescribeStacksPolicy: one('cloudformation: DescribeStacks', '@cloudformation:stack/*'),
  CloudWatchDashboardPolicy: one('cloudwatch: GetDashboard ListDashboards PutDashboard ListMetrics'),
  CloudWatchDescribeAlarmHistoryPolicy: one('cloudwatch: DescribeAlarmHistory'),
  CloudWatchPutMetricPolicy: one('cloudwatch: PutMetricData'),
  CodeCommitCrudPolicy: one(
    `codecommit: GitPull GetBranch ListBranches ${repositoryRead} ${repositoryWrite}`,
    '@codecommit:${RepositoryName}',
  ),
  CodeCommitReadPolicy: one(
    `codecommit: GitPull GetBranch ListBranches ${repositoryRead}`,
    '@codecommit:${RepositoryName}',
  ),
  CodePipelineLambdaExecutionPolicy: one('codepipeline: PutJobSuccessResult PutJobFailureResult'),
  CodePipelineReadOnlyPolicy: one('codepipeline: ListPipelineExecutions', '@codepipeline:${PipelineName}'),
  ComprehendBasicAccessPolicy: one(
    'comprehend: BatchDetectKeyPhrases DetectDominantLanguage DetectEntities BatchDetectEntities DetectKeyPhrases ' +
      'DetectSentiment BatchDetectDominantLanguage BatchDetectSentiment',
  ),
  CostExplorerReadOnlyPolicy: one(
    'ce: GetCostAndUsage GetDimensionValues GetReservationCoverage GetReservationPurchaseRecommendation ' +
      'GetReservationUtilization GetTags',
  ),
  DynamoDBBackupFullAccessPolicy: [
    {
      actions: 'dynamodb: CreateBackup DescribeContinuousBackups',
      resources: ['@dynamodb:table/${TableName}'],
    },
    {
      actions: 'dynamodb: DeleteBackup DescribeBackup ListBackups',
      resources: ['@dynamodb:table/${TableName}/backup/*'],
    },
  ],
  DynamoDBCrudPolicy: one(
    'dynamodb: GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable ConditionCheckItem',
    ...table,
  ),
  DynamoDBReadPolicy: one('dynamodb: GetItem Scan Query BatchGetItem DescribeTable', ...table),
  DynamoDBReconfigurePolicy: one('dynamodb: UpdateTable', '@dynamodb:table/${TableName}'),
  DynamoDBRestoreFromBackupPolicy: [
    { actions: 'dynamodb: RestoreTableFromBackup', resources: ['@dynamodb:table/${TableName}/backup/*'] },
    {
      actions: 'dynamodb: PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem',
      resources: ['@dynamodb:table/${TableName}'],
    },
  ],
  DynamoDBStreamReadPolicy: [
    {
      actions: 'dynamodb: DescribeStream GetRecords GetShardIterator',
      resources: ['@dynamodb:table/${TableName}/stream/${StreamName}'],
    },
    { actions: 'dynamodb: ListStreams', resources: ['@dynamodb:table/${TableName}/stream/*'] },
  ],
  DynamoDBWritePolicy: one('dynamodb: PutItem UpdateItem BatchWriteItem', ...table),
  EC2CopyImagePolicy: one('ec2: CopyImage', '@ec2:image/${ImageId}'),
  EC2DescribePolicy: one('ec2: DescribeRegions DescribeInstances'),
  EFSWriteAccessPolicy: [
    {
      actions: 'elasticfilesystem: ClientMount ClientWrite',
      resources: ['@elasticfilesystem:file-system/${FileSystem}'],
      condition: ['elasticfilesystem:AccessPointArn', '@elasticfilesystem:access-point/${AccessPoint}'],
    },
  ],
  EKSDescribePolicy: one('eks: DescribeCluster ListClusters'),
  EcsRunTaskPolicy: one('ecs: RunTask', '@ecs:task-definition/${TaskDefinition}'),
  ElasticMapReduceAddJobFlowStepsPolicy: one('elasticmapreduce: AddJobFlowSteps', cluster),
  ElasticMapReduceCancelStepsPolicy: one('elasticmapreduce: CancelSteps', cluster),
  ElasticMapReduceModifyInstanceFleetPolicy: one(
    'elasticmapreduce: ModifyInstanceFleet ListInstanceFleets',
    cluster,
  ),
  ElasticMapReduceModifyInstanceGroupsPolicy: one(
    'elasticmapreduce: ModifyInstanceGroups ListInstanceGroups',
    cluster,
  ),
  ElasticMapReduceSetTerminationProtectionPolicy: one('elasticmapreduce: SetTerminationProtection', cluster),
  ElasticMapReduceTerminateJobFlowsPolicy: one('elasticmapreduce: TerminateJobFlows', cluster),
  ElasticsearchHttpPostPolicy: one('es: ESHttpPost ESHttpPut', '@es:domain/${DomainName}/*'),
  EventBridgePutEventsPolicy: one('events: PutEvents', '@events:event-bus/${EventBusName}'),
  FilterLogEventsPolicy: one('logs: FilterLogEvents', '@logs:log-group:${LogGroupName}:log-stream:*'),
  FirehoseCrudPolicy: one(
    'firehose: CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream PutRecord PutRecordBatch UpdateDestination',
    '@firehose:deliverystream/${DeliveryStreamName}',
  ),
  FirehoseWritePolicy: one(
    'firehose: PutRecord PutRecordBatch',
    '@firehose:deliverystream/${DeliveryStreamName}',
  ),
  KMSDecryptPolicy: one('kms: Decrypt', '@kms:key/${KeyId}'),
  KMSEncryptPolicy: one('kms: Encrypt', '@kms:key/${KeyId}'),
  KMSEncryptPolicy_v2: one(
    'kms: Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext',
    '@kms:key/${KeyId}',
  ),
  KinesisCrudPolicy: one(
    'kinesis: AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream DescribeStreamSummary ' +
      'GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream MergeShards PutRecord PutRecords SplitShard RemoveTagsFromStream',
    '@kinesis:stream/${StreamName}',
  ),
  KinesisStreamReadPolicy: [
    { actions: 'kinesis: ListStreams DescribeLimits', resources: ['@kinesis:stream/*'] },
    {
      actions: 'kinesis: DescribeStream DescribeStreamSummary GetRecords GetShardIterator',
      resources: ['@kinesis:stream/${StreamName}'],
    },
  ],
  LambdaInvokePolicy: one('lambda: InvokeFunction', '@lambda:function:${FunctionName}*'),
  MobileAnalyticsWriteOnlyAccessPolicy: one('mobileanalytics: PutEvents'),
  OrganizationsListAccountsPolicy: one('organizations: ListAccounts'),
  PinpointEndpointAccessPolicy: one(
    'mobiletargeting: GetEndpoint UpdateEndpoint UpdateEndpointsBatch',
    '@mobiletargeting:apps/${PinpointApplicationId}/endpoints/*',
  ),
  PollyFullAccessPolicy: [
    { actions: 'polly: GetLexicon DeleteLexicon', resources: ['@polly:lexicon/${LexiconName}'] },
    {
      actions: 'polly: DescribeVoices ListLexicons PutLexicon SynthesizeSpeech',
      resources: ['@polly:lexicon/*'],
    },
  ],
  RekognitionDetectOnlyPolicy: one('rekognition: DetectFaces DetectLabels DetectModerationLabels DetectText'),
  RekognitionFacesManagementPolicy: one(
    'rekognition: IndexFaces DeleteFaces SearchFaces SearchFacesByImage ListFaces',
    collection,
  ),
  RekognitionFacesPolicy: one('rekognition: CompareFaces DetectFaces'),
  RekognitionLabelsPolicy: one('rekognition: DetectLabels DetectModerationLabels'),
  RekognitionNoDataAccessPolicy: one(
    'rekognition: CompareFaces DetectFaces DetectLabels DetectModerationLabels',
    collection,
  ),
  RekognitionReadPolicy: one(
    'rekognition: ListCollections ListFaces SearchFaces SearchFacesByImage',
    collection,
  ),
  RekognitionWriteOnlyAccessPolicy: one('rekognition: CreateCollection IndexFaces', collection),
  Route53ChangeResourceRecordSetsPolicy: one(
    'route53: ChangeResourceRecordSets',
    'arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId}',
  ),
  S3CrudPolicy: one(
    's3: GetObject ListBucket GetBucketLocation GetObjectVersion PutObject PutObjectAcl GetLifecycleConfiguration ' +
      'PutLifecycleConfiguration DeleteObject',
    bucket,
    `${bucket}/*`,
  ),
  S3FullAccessPolicy: [
    {
      actions:
        's3: GetObject GetObjectAcl GetObjectVersion PutObject PutObjectAcl DeleteObject DeleteObjectTagging ' +
        'DeleteObjectVersionTagging GetObjectTagging GetObjectVersionTagging PutObjectTagging PutObjectVersionTagging',
      resources: [`${bucket}/*`],
    },
    {
      actions: 's3: ListBucket GetBucketLocation GetLifecycleConfiguration PutLifecycleConfiguration',
      resources: [bucket],
    },
  ],
  S3ReadPolicy: one(
    's3: GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration',
    bucket,
    `${bucket}/*`,
  ),
  S3WritePolicy: one('s3: PutObject PutObjectAcl PutLifecycleConfiguration', bucket, `${bucket}/*`),
  SESBulkTemplatedCrudPolicy: one(
    'ses: GetIdentityVerificationAttributes SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail VerifyEmailIdentity',
    identity,
  ),
  SESBulkTemplatedCrudPolicy_v2: [
    {
      actions: 'ses: SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail',
      resources: [identity, '@ses:template/${TemplateName}'],
    },
    { actions: 'ses: GetIdentityVerificationAttributes VerifyEmailIdentity', resources: ['*'] },
  ],
  SESCrudPolicy: one(
    'ses: GetIdentityVerificationAttributes SendEmail SendRawEmail VerifyEmailIdentity',
    identity,
  ),
  SESEmailTemplateCrudPolicy: one(
    'ses: CreateTemplate GetTemplate ListTemplates UpdateTemplate DeleteTemplate TestRenderTemplate',
  ),
  SESSendBouncePolicy: one('ses: SendBounce', identity),
  SNSCrudPolicy: one(
    'sns: ListSubscriptionsByTopic CreateTopic SetTopicAttributes Subscribe Publish',
    '@sns:${TopicName}*',
  ),
  SNSPublishMessagePolicy: one('sns: Publish', '@sns:${TopicName}'),
  SQSPollerPolicy: one(
    'sqs: ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch GetQueueAttributes ReceiveMessage',
    '@sqs:${QueueName}',
  ),
  SQSSendMessagePolicy: one('sqs: SendMessage*', '@sqs:${QueueName}'),
  SSMParameterReadPolicy: [
    { actions: 'ssm: DescribeParameters', resources: ['*'] },
    {
      actions: 'ssm: GetParameters GetParameter GetParametersByPath',
      resources: ['@ssm:parameter/${ParameterName}'],
    },
  ],
  SSMParameterWithSlashPrefixReadPolicy: [
    { actions: 'ssm: DescribeParameters', resources: ['*'] },
    {
      actions: 'ssm: GetParameters GetParameter GetParametersByPath',
      resources: ['@ssm:parameter${ParameterName}'],
    },
  ],
  SageMakerCreateEndpointConfigPolicy: one(
    'sagemaker: CreateEndpointConfig',
    '@sagemaker:endpoint-config/${EndpointConfigName}',
  ),
  SageMakerCreateEndpointPolicy: one('sagemaker: CreateEndpoint', '@sagemaker:endpoint/${EndpointName}'),
  ServerlessRepoReadWriteAccessPolicy: one(
    'serverlessrepo: CreateApplication CreateApplicationVersion UpdateApplication GetApplication ListApplications ' +
      'ListApplicationVersions ListApplicationDependencies',
    '@serverlessrepo:applications/*',
  ),
  StepFunctionsCallbackPolicy: one(
    'states: SendTaskFailure SendTaskHeartbeat SendTaskSuccess',
    '@states:stateMachine:${StateMachineName}',
  ),
  StepFunctionsExecutionPolicy: one('states: StartExecution', '@states:stateMachine:${StateMachineName}'),
  StepFunctionsExecutionPolicy_v2: one(
    'states: StartExecution StartSyncExecution',
    '@states:stateMachine:${StateMachineName}',
  ),
  TextractDetectAnalyzePolicy: one(
    'textract: DetectDocumentText StartDocumentTextDetection StartDocumentAnalysis AnalyzeDocument',
  ),
  TextractGetResultPolicy: one('textract: GetDocumentTextDetection GetDocumentAnalysis'),
  TextractPolicy: one('textract: *'),
  VPCAccessPolicy: one(
    'ec2: CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DetachNetworkInterface',
  ),
}
