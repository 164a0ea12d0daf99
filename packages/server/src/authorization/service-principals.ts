import { serviceLinkedRoles, services } from './catalogue/index.ts'

/** Names that principals have and that are no prefix of the service authorization reference. */
const further = [
  'airflow-env',
  'alexa-appkit',
  'alexa-connectedhome',
  'apidestinations',
  'aws-artifact-account-sync',
  'billing-cost',
  'billingconsole',
  'cloudwatch-crossaccount',
  'config-multiaccountsetup',
  'connect-campaigns',
  'continuousexport',
  'datapipeline',
  'delivery',
  'ecs-tasks',
  'edgelambda',
  'eks-fargate-pods',
  'eks-nodegroup',
  'fsx',
  'hooks',
  'inspector2',
  'internal',
  'ipam',
  'lex',
  'lexv2',
  'macie',
  'management',
  'marketplace',
  'mgn',
  'monitoring',
  'networkinsights',
  'opensearchservice',
  'opsworks',
  'opsworks-cm',
  'osis-pipelines',
  'prod',
  'replicator',
  'spot',
  'spotfleet',
  'ssm-quicksetup',
  'storagegateway',
  'streams',
  'tasks',
  'trustedadvisor',
  'ts',
  'vmie',
  'vpc-flow-logs',
  'wafv2',
  'workspaces',
] as const

const form = /^((?:[a-z0-9-]+\.)+)(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/

let known: ReadonlySet<string> | undefined

/**
 * Whether AWS knows the text as a service principal: one of its labels is the name of a service, with or
 * without regions and parts of the service around it (behaviours IAM-61 and ORG-52). AWS publishes no list of them.
 */
export function isServicePrincipal(text: string): boolean {
  const labels = form.exec(text.toLowerCase())?.[1]?.slice(0, -1).split('.')
  if (labels === undefined) return false
  if (serviceLinkedRoles().has(text.toLowerCase())) return true
  known ??= new Set([...services().keys(), ...further])
  return labels.some((label) => known!.has(label))
}
