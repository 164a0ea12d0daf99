import { serviceLinkedRoles, services } from './catalogue/index.ts'

/** Names of principals that are not prefixes of the service authorization reference. */
export const further = [
  'airflow-env',
  'alexa-appkit',
  'alexa-connectedhome',
  'amazonmq',
  'apidestinations',
  'application-insights',
  'automation',
  'aws-artifact-account-sync',
  'billing-cost',
  'billingconsole',
  'cassandra-streams',
  'cloudwatch-crossaccount',
  'codecatalyst-runner',
  'cognito-identity-us-gov',
  'config-conforms',
  'config-multiaccountsetup',
  'continuousexport',
  'costalerts',
  'datazonecontrol',
  'deeplens',
  'deepracer',
  'delivery',
  'diode',
  'dnssec-route53',
  'ec',
  'ec2-images',
  'ec2fastlaunch',
  'ec2fleet',
  'ec2scheduled',
  'ec2sqlha',
  'ecs-compute',
  'ecs-tasks',
  'edgelambda',
  'eks-fargate-pods',
  'eks-nodegroup',
  'hooks',
  'internal',
  'iotroborunner',
  'iotthingsgraph',
  'ipam',
  'jellyfish',
  'lexv2',
  'macie',
  'managedservices',
  'management',
  'marketplace',
  'metering-marketplace',
  'migrationhub',
  'mobilehub',
  'monitoring',
  'networkinsights',
  'opensearchservice',
  'osis-pipelines',
  'partnercentral-selling',
  'pinpoint',
  'prod',
  'purchaseorders',
  'rds-preview',
  'replicator',
  'sdmp',
  'securityhubv2',
  'servicecatalog-appregistry',
  'spot',
  'spotfleet',
  'streams',
  'tagging',
  'tasks',
  'transitgateway',
  'tts',
  'user-attribute-cost-allocation-data',
  'vmie',
  'vpc-flow-logs',
] as const

const form = /^((?:[a-z0-9-]+\.)+)(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/

let known: ReadonlySet<string> | undefined

/**
 * Returns whether AWS knows the text as a service principal: one of its labels is the name of a service, with or
 * without regions and parts of the service around it (behaviours IAM-61 and ORG-52). AWS publishes no list of them.
 */
export function isServicePrincipal(text: string): boolean {
  const labels = form.exec(text.toLowerCase())?.[1]?.split('.')
  if (labels === undefined) return false
  if (serviceLinkedRoles().has(text.toLowerCase())) return true
  known ??= new Set([...services().keys(), ...further])
  return labels.some((label) => known!.has(label))
}
