import { account, allow, deny, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, type Kind, passes, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
/** dev with some statements, and an administrator role that a service wears. */
const dev = (name: string, ...statements: readonly Statement[]): Kind['file'] => ({
  users: { dev: { statements } },
  roles: adm(service(name), name === 'ec2' ? { profiles: ['adm'] } : {}),
})

const provider = 'cognito-identity.amazonaws.com'
const pool = {
  type: 'AWS::Cognito::IdentityPool',
  arn: `arn:aws:cognito-identity:eu-west-1:${account}:identitypool/eu-west-1:1a2b`,
}
const lettingIn = (amr: string) => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { [`${provider}:aud`]: 'eu-west-1:1a2b' },
    'ForAnyValue:StringLike': { [`${provider}:amr`]: amr },
  },
})
const pooled = (amr: string, ...statements: readonly Statement[]): Kind['file'] => ({
  users: { dev: { statements: [passes(), allow('cognito-identity:SetIdentityPoolRoles'), ...statements] } },
  roles: adm([lettingIn(amr)]),
})
const open = { ...pool, allowUnauthenticatedIdentities: true, allowClassicFlow: true }

const pools: readonly Kind[] = [
  {
    name: 'nobody knows who may log in to the identity pool',
    file: pooled('authenticated'),
    resources: [pool],
    expect: 'undecided',
  },
  {
    name: 'the identity pool lets in guests, by the basic flow [PSR-21]',
    file: pooled('unauthenticated'),
    resources: [open],
    expect: 'proven',
  },
  {
    name: 'guests of the enhanced flow have no more than a session policy of AWS [PSR-21]',
    file: pooled('unauthenticated'),
    resources: [{ ...open, allowClassicFlow: false }],
    expect: 'undecided',
  },
  {
    name: 'the identity pool wears a role that no file names',
    file: {
      users: { dev: { statements: [allow('cognito-identity:UpdateIdentityPool')] } },
      roles: adm([lettingIn('authenticated')]),
    },
    resources: [{ ...pool, roleUnknown: true }],
    expect: 'undecided',
  },
  {
    name: 'the identity pool wears no role',
    file: {
      users: { dev: { statements: [allow('cognito-identity:UpdateIdentityPool')] } },
      roles: adm([lettingIn('authenticated')]),
    },
    resources: [pool],
    expect: 'no',
  },
  {
    name: 'the role lets in no guests',
    file: pooled('authenticated'),
    resources: [open],
    expect: 'no',
  },
  {
    name: 'the identity pool can be changed so that it lets in the attacker',
    file: pooled('authenticated', allow('cognito-identity:UpdateIdentityPool')),
    resources: [pool],
    expect: 'proven',
  },
]

const changeSets = (made: string, executed: string): Kind['file'] =>
  dev(
    'cloudformation',
    passes(),
    allow('cloudformation:CreateChangeSet', '*', when('StringLike', 'cloudformation:ChangeSetName', made)),
    allow(
      'cloudformation:ExecuteChangeSet',
      '*',
      when('StringLike', 'cloudformation:ChangeSetName', executed),
    ),
  )
const builds = [
  passes(),
  allow([
    'imagebuilder:CreateComponent',
    'imagebuilder:CreateImageRecipe',
    'imagebuilder:CreateInfrastructureConfiguration',
    'imagebuilder:CreateImage',
    'imagebuilder:GetComponent',
    'imagebuilder:GetInfrastructureConfiguration',
  ]),
]
const gateway = 'arn:aws:apigateway:eu-west-1::'
const book = [passes(), allow('ssm:StartAutomationExecution', '*')]
const ec2 = (type: string) => `arn:aws:ec2:*:*:${type}/*`
const launching = ['instance', 'network-interface', 'security-group', 'subnet'].map(ec2)

const calls: readonly Kind[] = [
  {
    name: 'the change set that may be executed has another name than the one that may be made [PSR-24]',
    file: changeSets('dev-*', 'approved-*'),
    expect: 'no',
  },
  {
    name: 'the change set that may be executed may be made',
    file: changeSets('dev-*', '*-approved'),
    expect: 'proven',
  },
  {
    name: 'an image without the recipe being read [PSR-22]',
    file: dev('ec2', ...builds, allow('imagebuilder:GetImage')),
    expect: 'no',
  },
  {
    name: 'an image of a parent that may be read [PSR-22]',
    file: dev('ec2', ...builds, allow(['imagebuilder:GetImage', 'imagebuilder:GetImageRecipe'])),
    expect: 'proven',
  },
  {
    name: 'no API exists, and none can be made [PSR-23]',
    file: dev('apigateway', passes(), allow(['apigateway:POST', 'apigateway:PUT'], `${gateway}/restapis/*`)),
    expect: 'no',
  },
  {
    name: 'an API is made [PSR-23]',
    file: dev(
      'apigateway',
      passes(),
      allow('apigateway:POST', [`${gateway}/restapis`, `${gateway}/restapis/*`]),
    ),
    expect: 'proven',
  },
  {
    name: 'an API is replaced, and deployed [PSR-23]',
    file: dev('apigateway', passes(), allow(['apigateway:POST', 'apigateway:PUT'], `${gateway}/restapis/*`)),
    resources: [{ type: 'AWS::ApiGateway::RestApi', arn: `${gateway}/restapis/a1b2` }],
    expect: 'proven',
  },
  {
    name: 'another API exists',
    file: dev(
      'apigateway',
      passes(),
      allow(['apigateway:POST', 'apigateway:PUT'], `${gateway}/restapis/a1*`),
    ),
    resources: [{ type: 'AWS::ApiGateway::RestApi', arn: `${gateway}/restapis/b1b2` }],
    expect: 'no',
  },
  {
    name: 'a runbook that changes a stack, where none exists',
    file: dev('ssm', ...book),
    expect: 'no',
  },
  {
    name: 'a runbook that changes a stack of the attacker',
    file: dev('ssm', ...book, allow('cloudformation:CreateStack')),
    expect: 'proven',
  },
  {
    name: 'an instance without its volume [PSR-25]',
    file: dev('ec2', passes(), allow('ec2:RunInstances', [...launching, 'arn:aws:ec2:*::image/*'])),
    expect: 'no',
  },
  {
    name: 'volumes of instances are refused',
    file: dev('ec2', passes(), allow('ec2:RunInstances'), deny('ec2:RunInstances', ec2('volume'))),
    expect: 'no',
  },
  {
    name: 'volumes must be encrypted',
    file: dev(
      'ec2',
      passes(),
      allow('ec2:RunInstances'),
      deny('ec2:RunInstances', ec2('volume'), when('Bool', 'ec2:Encrypted', 'false')),
    ),
    expect: 'proven',
  },
]

const region = 'eu-west-1'
const functionArn = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`
const wearing = (name: string) => ({
  type: 'AWS::Lambda::Function',
  arn: functionArn(name),
  role: roleArn('worn'),
  invokedBy: 'a schedule',
})
/** dev changes functions or runs commands; their role empowers dev where it runs in one place. */
const runs = (name: string, call: string, condition: object): Kind['file'] => ({
  users: { dev: { statements: [allow(call)] } },
  roles: {
    worn: { trust: service(name), statements: [allow('iam:AttachUserPolicy', userArn('dev'), condition)] },
  },
})
const inFunction = runs(
  'lambda',
  'lambda:UpdateFunctionCode',
  when('ArnEquals', 'lambda:SourceFunctionArn', functionArn('deploy')),
)
const instance = {
  type: 'AWS::EC2::Instance',
  arn: `arn:aws:ec2:${region}:${account}:instance/i-0a1b2c3d4e5f60718`,
  role: roleArn('worn'),
  ssmAgent: 'online',
}
const inInstance = (id: string) =>
  runs('ec2', 'ssm:SendCommand', when('ArnLike', 'ec2:SourceInstanceARN', `arn:aws:ec2:*:*:instance/${id}`))

const places: readonly Kind[] = [
  {
    name: 'one of the functions of a role may do more [LAM-56]',
    file: inFunction,
    resources: [wearing('pay'), wearing('deploy')],
    expect: 'proven',
  },
  { name: 'another function may do more', file: inFunction, resources: [wearing('pay')], expect: 'no' },
  {
    name: 'an instance may do more [POL-175]',
    file: inInstance('i-0a1b*'),
    resources: [instance],
    expect: 'proven',
  },
  { name: 'another instance may do more', file: inInstance('i-0f*'), resources: [instance], expect: 'no' },
]

describeKinds({ 'what code runs in': places, 'identity pools': pools, 'what calls require': calls })
