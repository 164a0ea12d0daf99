/**
 * The condition keys that hold a list in every request (behaviour POL-200), in lower case: those of services of which AWS's
 * service authorization reference says `ArrayOf…`, and the global ones. A name that ends in `*` is every key with one more
 * part. identitystore:UserId is not among them, as the reference says both;
 * events:source and events:detail-type hold one text in PutEvents (behaviour GRD-302).
 * test/data/list-keys.test.ts compares them with the reference.
 */
const byService: Readonly<Record<string, string>> = {
  aws: 'calledvia principalorgpaths principalservicenameslist resourceorgpaths sourceorgpaths tagkeys vpceorgpaths',
  a4b: 'filters_devicetype',
  account: 'accountresourceorgpaths alternatecontacttypes',
  acm: 'domainnames',
  airflow: 'teamnames',
  apigateway:
    'request/apikeyrequired request/authorizertype request/authorizeruri request/conditionbasepaths request/endpointtype request/routeauthorizationtype request/securitypolicy resource/apikeyrequired resource/authorizertype resource/authorizeruri resource/conditionbasepaths resource/endpointtype resource/routeauthorizationtype resource/securitypolicy',
  autoscaling:
    'capacityreservationids capacityreservationresourcegrouparns loadbalancernames targetcapacitytypes targetgrouparns trafficsourceidentifiers vpczoneidentifiers',
  'aws-marketplace': 'agreementtype productid',
  backup: 'copytargetorgpaths copytargets frameworkarns',
  'bedrock-agentcore':
    'allowedqueryparameters allowedrequestheaders allowedresponseheaders credentialproviderscope inboundjwtclaim/aud inboundjwtclaim/scope securitygroups subnets',
  'bedrock-mantle': 'files',
  cloudformation: 'resourcetypes targetregion',
  cloudshell: 'securitygroupids subnetids vpcids',
  cloudwatch: 'alarmactions requestinsightruleloggroups requestmanagedresourcearns',
  codebuild:
    'buildbatchconfig.restrictions.computetypesallowed buildbatchconfig.restrictions.fleetsallowed cache.modes environment.environmentvariables.name environment.environmentvariables.value filesystemlocations.identifier filesystemlocations.location filesystemlocations.type secondaryartifacts.artifactidentifier secondaryartifacts.bucketowneraccess secondaryartifacts.encryptiondisabled secondaryartifacts.location secondarysources.auth.resource secondarysources.auth.type secondarysources.buildstatusconfig.context secondarysources.buildstatusconfig.targeturl secondarysources.insecuressl secondarysources.location secondarysources.sourceidentifier vpcconfig.securitygroupids vpcconfig.subnets',
  comprehend: 'vpcsecuritygroupids vpcsubnets',
  connect:
    'flowtype listrealtimecontactanalysissegmentsbysegmenttype monitorcapabilities searchcontactsbycontactanalysis',
  datapipeline: 'pipelinecreator workergroup',
  deadline: 'farmmembershiplevels fleetmembershiplevels jobmembershiplevels queuemembershiplevels',
  'devops-guru': 'servicenames',
  dsql: 'fistargetarns',
  dynamodb:
    'attributes firstpartitionkeyvalues fistargetarns fourthpartitionkeyvalues leadingkeys secondpartitionkeyvalues thirdpartitionkeyvalues',
  ec2: 'fistargetarns ikeversions phase1dhgroup phase1encryptionalgorithms phase1integrityalgorithms phase2dhgroup phase2encryptionalgorithms phase2integrityalgorithms vpceprivatednsspecifieddomains',
  ecs: 'capacity-provider compute-compatibility subnet',
  eks: 'encryptionconfigproviderkeyarns kubernetesgroups namespaces',
  elasticloadbalancing: 'listenerprotocol securitygroup securitypolicy subnet',
  events: 'eventbusarn metadata/* targetarn',
  fis: 'operations targets',
  geo: 'deviceids geofenceids',
  glue: 'securitygroupids subnetids vpcids',
  iam: 'accountpropertynamespaces',
  identitystore: 'groupexternalidissuers groupid userexternalidissuers',
  imagebuilder: 'createdresourcetagkeys',
  iot: 'thinggrouparn tunneldestinationservice',
  iotfleetwise: 'signals',
  iotsitewise: 'taskarns',
  iottwinmaker: 'linkedservices',
  kinesis: 'fistargetarns',
  kms: 'encryptioncontextkeys grantoperations resourcealiases',
  lambda: 'layer securitygroupids subnetids',
  lex: 'associatedintents associatedslottypes',
  logs: 'loggeneratingresourcearns',
  networkmanager: 'edgelocations subnetarns',
  oam: 'resourcetypes',
  observabilityadmin: 'centralizationsourceid centralizationsourceregions',
  partnercentral: 'fulfillmenttypes programs',
  'partnercentral-account-management': 'legacypartnercentralrole marketingcentralrole proserverole',
  'payment-cryptography': 'resourcealiases',
  pi: 'dimensions',
  quicksight: 'allowedembeddingdomains kmskeyarns',
  'refactor-spaces': 'createdbyaccountids',
  route53:
    'changeresourcerecordsetsactions changeresourcerecordsetsnormalizedrecordnames changeresourcerecordsetsrecordtypes',
  s3: 'inventoryaccessibleoptionalfields requestobjecttagkeys',
  s3express: 'inventoryaccessibleoptionalfields permissions',
  sagemaker:
    'acceleratortypes customermetadatapropertiestoremove imagearns imageversionarns instancetypes notebookinstancelifecycleconfigarns studiolifecycleconfigarns updatablefeatures vpcsecuritygroupids vpcsubnets',
  saml: 'cn eduorghomepageuri eduorgidentityauthnpolicyuri eduorglegalname eduorgsuperioruri eduorgwhitepagesuri edupersonaffiliation edupersonassurance edupersonentitlement edupersonnickname edupersonorgunitdn edupersonscopedaffiliation edupersontargetedid',
  secretsmanager: 'addreplicaregions',
  ses: 'configurationsetoptions recipients replicaregion',
  ssm: 'documentcategories documentversion inventorytypename',
  states: 'statemachinequalifier',
  sts: 'identitytokenaudience requestcontextproviders transitivetagkeys',
  synthetics: 'names',
  transfer: 'requestserverprotocols',
  'vpc-lattice': 'privatednsspecifieddomains securitygroupids targetgrouparns',
  'vpc-lattice-svcs': 'requestquerystring/*',
  wisdom: 'messagetemplate/routingprofilearn searchfilter/qualifier',
}

const names: ReadonlySet<string> = new Set(
  Object.entries(byService).flatMap(([service, keys]) => keys.split(' ').map((key) => `${service}:${key}`)),
)
const starts = [...names].filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))

/** Whether a condition key holds a list, also of one value. The name is in lower case. */
export function isListKey(lowered: string): boolean {
  return (
    names.has(lowered) ||
    starts.some((start) => lowered.startsWith(start) && !lowered.includes('/', start.length))
  )
}
