import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { allow, bare, faultOf, newKey, openHouse } from '../iam/house.ts'
import { advance } from './time.ts'

const { omen, iam, as, close } = await openHouse()
after(close)
const organizations = new Organizations(omen.clientConfig('admin'))
after(() => organizations.destroy())

const withoutOne = [
  await faultOf(iam.listOrganizationsFeatures({})),
  await faultOf(iam.enableOrganizationsRootSessions({})),
  await faultOf(iam.generateOrganizationsAccessReport({ EntityPath: 'o-aaaaaaaaaa/r-aaaa' })),
]
const { Organization } = await organizations.createOrganization({ FeatureSet: 'ALL' })
const OrganizationId = Organization?.Id ?? ''
const { Roots } = await organizations.listRoots({})
const rootId = Roots?.[0]?.Id ?? ''
const { CreateAccountStatus: made } = await organizations.createAccount({
  AccountName: 'member',
  Email: 'member@example.com',
})
const member =
  made?.AccountId ??
  (await organizations.listAccounts({})).Accounts?.find(({ Name }) => Name === 'member')?.Id ??
  ''
const sts = new STS(omen.clientConfig('admin'))
const { Credentials } = await sts.assumeRole({
  RoleArn: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`,
  RoleSessionName: 'in',
})
sts.destroy()
const inMember = new IAM({
  ...omen.clientConfig({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    ...(Credentials?.SessionToken && { sessionToken: Credentials.SessionToken }),
  }),
  maxAttempts: 1,
})
after(() => inMember.destroy())

describe('centralized root access', () => {
  test('without an organization there is none to manage (IAM-210, RPT-31)', () => {
    const [list, enable, report] = withoutOne
    assert.match(list ?? '', /^OrganizationNotFoundException 400/)
    assert.match(enable ?? '', /^OrganizationNotFoundException 400/)
    assert.match(report ?? '', /^InvalidInput 400/)
  })

  test('needs trusted access, and the management account (IAM-211, IAM-212)', async () => {
    assert.match(
      await faultOf(iam.enableOrganizationsRootSessions({})),
      /^ServiceAccessNotEnabledException 400/,
    )
    await organizations.enableAWSServiceAccess({ ServicePrincipal: 'iam.amazonaws.com' })
    assert.match(
      await faultOf(inMember.listOrganizationsFeatures({})),
      /^AccountNotManagementOrDelegatedAdministratorException 400/,
    )
    await organizations.registerDelegatedAdministrator({
      AccountId: member,
      ServicePrincipal: 'iam.amazonaws.com',
    })
    assert.match(
      await faultOf(inMember.enableOrganizationsRootSessions({})),
      /^CallerIsNotManagementAccountException 400/,
    )
  })

  test('is switched on and off, one feature at a time (IAM-213)', async () => {
    assert.deepEqual(bare(await iam.listOrganizationsFeatures({})), { OrganizationId, EnabledFeatures: [] })
    const first = await iam.enableOrganizationsRootCredentialsManagement({})
    assert.deepEqual(bare(first), { OrganizationId, EnabledFeatures: ['RootCredentialsManagement'] })
    const both = await iam.enableOrganizationsRootSessions({})
    assert.deepEqual(both.EnabledFeatures, ['RootCredentialsManagement', 'RootSessions'])
    assert.deepEqual((await iam.enableOrganizationsRootSessions({})).EnabledFeatures, both.EnabledFeatures)
    assert.deepEqual((await inMember.listOrganizationsFeatures({})).EnabledFeatures, both.EnabledFeatures)
    assert.deepEqual((await inMember.disableOrganizationsRootCredentialsManagement({})).EnabledFeatures, [
      'RootSessions',
    ])
    assert.deepEqual((await iam.disableOrganizationsRootSessions({})).EnabledFeatures, [])
  })
})

describe("the organization's access report", () => {
  const path = `${OrganizationId}/${rootId}`
  const details = async (
    EntityPath: string,
    more: { OrganizationsPolicyId?: string } = {},
    SortKey?: 'LAST_AUTHENTICATED_TIME_DESCENDING',
  ) => {
    const { JobId = '' } = await iam.generateOrganizationsAccessReport({ EntityPath, ...more })
    assert.equal((await iam.getOrganizationsAccessReport({ JobId })).JobStatus, 'IN_PROGRESS')
    advance(omen, 1_000, iam, organizations, inMember)
    return iam.getOrganizationsAccessReport({ JobId, ...(SortKey && { SortKey }), MaxItems: 1_000 })
  }

  test('needs SCPs, and a path that leads somewhere (RPT-31)', async () => {
    assert.match(
      await faultOf(iam.generateOrganizationsAccessReport({ EntityPath: path })),
      /^InvalidInput 400/,
    )
    await organizations.enablePolicyType({ RootId: rootId, PolicyType: 'SERVICE_CONTROL_POLICY' })
    assert.match(
      await faultOf(iam.generateOrganizationsAccessReport({ EntityPath: `${path}/210987654321` })),
      /^InvalidInput 400/,
    )
    assert.match(
      await faultOf(inMember.generateOrganizationsAccessReport({ EntityPath: path })),
      /^InvalidInput 400/,
    )
  })

  test('services that SCPs leave, and who of the members called them (RPT-30, RPT-32)', async () => {
    await inMember.listUsers({})
    const whole = await details(path, {}, 'LAST_AUTHENTICATED_TIME_DESCENDING')
    assert.equal(whole.JobStatus, 'COMPLETED')
    const [latest] = whole.AccessDetails ?? []
    assert.deepEqual(
      [latest?.ServiceNamespace, latest?.EntityPath, latest?.Region, latest?.TotalAuthenticatedEntities],
      ['iam', `${path}/${member}`, 'us-east-1', 1],
    )
    assert((whole.NumberOfServicesAccessible ?? 0) > 300)
    assert.equal((whole.NumberOfServicesAccessible ?? 0) - (whole.NumberOfServicesNotAccessed ?? 0), 1)
  })

  test('of one policy: the services that it allows, for accounts that it binds (RPT-33)', async () => {
    const { Policy } = await organizations.createPolicy({
      Name: 'few',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: allow(['iam:*', 'sqs:*']),
    })
    const OrganizationsPolicyId = Policy?.PolicySummary?.Id ?? ''
    const unattached = await details(path, { OrganizationsPolicyId })
    assert.deepEqual(
      unattached.AccessDetails?.map(({ ServiceNamespace, TotalAuthenticatedEntities }) => [
        ServiceNamespace,
        TotalAuthenticatedEntities,
      ]),
      [
        ['iam', 0],
        ['sqs', 0],
      ],
    )
    await organizations.attachPolicy({ PolicyId: OrganizationsPolicyId, TargetId: member })
    const attached = await details(`${path}/${member}`, { OrganizationsPolicyId })
    assert.deepEqual(
      attached.AccessDetails?.map(({ TotalAuthenticatedEntities }) => TotalAuthenticatedEntities),
      [1, 0],
    )
    const own = await details(`${path}/123456789012`, { OrganizationsPolicyId })
    assert((own.NumberOfServicesAccessible ?? 0) > 300)
    assert.match(
      await faultOf(details(path, { OrganizationsPolicyId: 'p-nothinghere' })),
      /^InvalidInput 400/,
    )
  })

  test('the policy is a condition key, and the organization is asked about, too (RPT-34, RPT-35)', async () => {
    await iam.createUser({ UserName: 'auditor' })
    await iam.putUserPolicy({
      UserName: 'auditor',
      PolicyName: 'may',
      PolicyDocument: allow(
        'iam:GenerateOrganizationsAccessReport',
        `arn:aws:iam::123456789012:access-report/${path}`,
        {
          StringEquals: { 'iam:OrganizationsPolicyId': 'p-FullAWSAccess' },
        },
      ),
    })
    const auditor = as(await newKey(iam, 'auditor'))
    auditor.config.systemClockOffset = iam.config.systemClockOffset
    const generate = () =>
      auditor.generateOrganizationsAccessReport({
        EntityPath: path,
        OrganizationsPolicyId: 'p-FullAWSAccess',
      })
    const may = ['ListRoots', 'ListParents', 'ListChildren', 'ListPoliciesForTarget', 'DescribePolicy']
    for (const [n, next] of [...may, 'ListTargetsForPolicy'].entries()) {
      assert.match(await faultOf(generate()), new RegExp(`perform: organizations:${next} on resource`))
      const PolicyDocument = allow([...may, next].slice(0, n + 1).map((name) => `organizations:${name}`))
      await iam.putUserPolicy({ UserName: 'auditor', PolicyName: 'reads', PolicyDocument })
    }
    await generate()
    assert.match(
      await faultOf(auditor.generateOrganizationsAccessReport({ EntityPath: path })),
      /^AccessDenied 403/,
    )
  })
})

describe('SCPs in SimulatePrincipalPolicy', () => {
  test("the organization's bind its members and not its management account (SIM-15)", async () => {
    await inMember.createUser({ UserName: 'bound' })
    await inMember.putUserPolicy({ UserName: 'bound', PolicyName: 'all', PolicyDocument: allow('*') })
    const ask = async (PolicyExclusionList?: { PolicyType: 'scp' }[]) => {
      const { EvaluationResults } = await inMember.simulatePrincipalPolicy({
        PolicySourceArn: `arn:aws:iam::${member}:user/bound`,
        ActionNames: ['s3:GetObject'],
        ...(PolicyExclusionList && { PolicyExclusionList }),
      })
      return [EvaluationResults?.[0]?.EvalDecision, EvaluationResults?.[0]?.OrganizationsDecisionDetail]
    }
    assert.deepEqual(await ask(), ['allowed', { AllowedByOrganizations: true }])
    const { Policy } = await organizations.createPolicy({
      Name: 'no-s3',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
      }),
    })
    await organizations.attachPolicy({ PolicyId: Policy?.PolicySummary?.Id ?? '', TargetId: member })
    assert.deepEqual(await ask(), ['explicitDeny', { AllowedByOrganizations: false }])
    assert.deepEqual(await ask([{ PolicyType: 'scp' }]), ['allowed', undefined])
    const { EvaluationResults } = await iam.simulatePrincipalPolicy({
      PolicySourceArn: 'arn:aws:iam::123456789012:user/auditor',
      ActionNames: ['s3:GetObject'],
    })
    assert.deepEqual(EvaluationResults?.[0]?.OrganizationsDecisionDetail, { AllowedByOrganizations: true })
  })
})
