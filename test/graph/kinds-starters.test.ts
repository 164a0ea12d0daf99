import { account, allow, roleArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind } from './kinds.ts'

const resource = (type: string, end: string, more: object = {}) => ({
  type: `AWS::${type}`,
  arn: `arn:aws:${end.replace('@', `eu-west-1:${account}`)}`,
  ...more,
})
const ofWorkloads = { role: roleArn('adm') }
const may = (service: string, ...actions: readonly string[]): Kind['file'] =>
  dev([allow(actions)], {}, { roles: adm({ Service: `${service}.amazonaws.com` }) })

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF'
/** The administrator role, which a service account of a cluster may assume. */
const ofCluster = (subject: string) => ({
  adm: {
    ...adm({}).adm,
    trust: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringLike: { [`${issuer}:sub`]: subject } },
      },
    ],
  },
})
const jobs = `system:serviceaccount:jobs:emr-containers-sa-*-*-${account}-1tdq`
const cluster = [resource('EMRContainers::VirtualCluster', 'emr-containers:@:/virtualclusters/vc1')]
const run = 'emr-containers:StartJobRun'
const submits = (subject: string, condition: object = {}): Kind['file'] =>
  dev([allow(run, '*', condition)], {}, { roles: ofCluster(subject) })
const ofEmr: readonly Kind[] = [
  {
    name: 'GRD-794 a job execution role, without iam:PassRole',
    file: submits(jobs),
    resources: cluster,
    expect: 'undecided',
  },
  {
    name: 'GRD-794 a role of other pods of the cluster',
    file: submits('system:serviceaccount:kube-system:aws-load-balancer-controller'),
    resources: cluster,
    expect: 'no',
  },
  {
    name: 'GRD-794 another role is named in emr-containers:ExecutionRoleArn',
    file: submits(jobs, { StringEquals: { 'emr-containers:ExecutionRoleArn': roleArn('other') } }),
    resources: cluster,
    expect: 'no',
  },
  { name: 'GRD-794 no virtual cluster', file: submits(jobs), resources: [], expect: 'no' },
]

const enters = (roles: object): Kind['file'] =>
  dev([allow(['eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'])], {}, { roles } as Kind['file'])
const eks = resource('EKS::Cluster', 'eks:@:cluster/prod')
const podRole = adm([
  {
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  },
])
const pods: readonly Kind[] = [
  {
    name: 'GRD-802 the role of an association, by an access entry',
    file: enters(podRole),
    resources: [
      eks,
      resource('EKS::PodIdentityAssociation', 'eks:@:podidentityassociation/prod/a-1', ofWorkloads),
    ],
    expect: 'undecided',
  },
  { name: 'GRD-802 no association', file: enters(podRole), resources: [eks], expect: 'no' },
  {
    name: 'GRD-802 a role of a service account, by an access entry',
    file: enters(ofCluster('system:serviceaccount:kube-system:cluster-autoscaler')),
    resources: [eks],
    expect: 'undecided',
  },
  {
    name: 'GRD-802 no cluster',
    file: enters(ofCluster('system:serviceaccount:kube-system:cluster-autoscaler')),
    resources: [],
    expect: 'no',
  },
]

const project = [
  resource('CodeBuild::Project', 'codebuild:@:project/one', { ...ofWorkloads, invokedBy: null }),
]
const hooks = ['codebuild:UpdateProject', 'codebuild:CreateWebhook']
const pipeline = [resource('CodePipeline::Pipeline', 'codepipeline:@:one', ofWorkloads)]
const webhooks: readonly Kind[] = [
  {
    name: 'GRD-795 a webhook of a repository that the attacker connects',
    file: may('codebuild', ...hooks, 'codebuild:ImportSourceCredentials'),
    resources: project,
    expect: 'proven',
    requests: ['codebuild:UpdateProject', 'codebuild:CreateWebhook', 'codebuild:ImportSourceCredentials'],
  },
  {
    name: 'GRD-795 a webhook of a repository',
    file: may('codebuild', ...hooks),
    resources: project,
    expect: 'undecided',
  },
  {
    name: 'GRD-796 a webhook of a pipeline',
    file: may('codepipeline', 'codepipeline:UpdatePipeline', 'codepipeline:PutWebhook', 'iam:PassRole'),
    resources: pipeline,
    expect: 'proven',
    requests: [
      'codepipeline:UpdatePipeline',
      'codepipeline:PutWebhook',
      'codepipeline:PutWebhook',
      'iam:PassRole',
    ],
  },
]

const fn = [
  resource('Lambda::Function', 'lambda:@:function:one', { ...ofWorkloads, invokedBy: null, url: null }),
]
const images = [
  resource(
    'ImageBuilder::InfrastructureConfiguration',
    'imagebuilder:@:infrastructure-configuration/one',
    ofWorkloads,
  ),
]
const recipe = [
  'imagebuilder:CreateComponent',
  'imagebuilder:GetComponent',
  'imagebuilder:CreateImageRecipe',
  'imagebuilder:GetImageRecipe',
  'imagebuilder:GetInfrastructureConfiguration',
]
const starters: readonly Kind[] = [
  {
    name: 'GRD-798 a mapping that is given another function',
    file: may('lambda', 'lambda:UpdateFunctionCode', 'lambda:UpdateEventSourceMapping'),
    resources: [...fn, resource('SQS::Queue', 'sqs:@:orders')],
    expect: 'undecided',
  },
  {
    name: 'GRD-798 no source of records',
    file: may('lambda', 'lambda:UpdateFunctionCode', 'lambda:UpdateEventSourceMapping'),
    resources: fn,
    expect: 'no',
  },
  {
    name: 'GRD-799 an image pipeline that is given another recipe',
    file: may('ec2', ...recipe, 'imagebuilder:UpdateImagePipeline', 'imagebuilder:GetImage'),
    resources: images,
    expect: 'undecided',
  },
  {
    name: 'GRD-800 a component on a core device of AWS IoT Greengrass',
    file: may('credentials.iot', 'greengrass:CreateComponentVersion', 'greengrass:CreateDeployment'),
    resources: [resource('IoT::RoleAlias', 'iot:@:rolealias/core', ofWorkloads)],
    expect: 'undecided',
  },
  {
    name: 'GRD-800 no deployment',
    file: may('credentials.iot', 'greengrass:CreateComponentVersion'),
    resources: [resource('IoT::RoleAlias', 'iot:@:rolealias/core', ofWorkloads)],
    expect: 'no',
  },
]

describeKinds({
  'jobs of clusters': ofEmr,
  'pods of clusters': pods,
  webhooks,
  'what exists and starts something': starters,
})
