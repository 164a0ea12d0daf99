/** Prefixes of the services that RCPs support; RCPs do not apply to other services' resources (behaviour ORG-42). */
export const rcpServices: ReadonlySet<string> = new Set(
  `
    aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront
    cloudsearch cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity
    cognito-idp comprehend comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb
    ecr ecr-public events firehose fis fms gamelift health inspector-scan kendra kinesisvideo kms logs
    memorydb networkmonitor notifications opensearch pca-connector-ad personalize polly pricing
    resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf
    textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
`
    .trim()
    .split(/\s+/),
)

/** Returns whether RCPs apply to an action (`sts:AssumeRole`, ignoring case), by its service. */
export function isBoundByRcps(action: string): boolean {
  return rcpServices.has(action.slice(0, action.indexOf(':')).toLowerCase())
}
