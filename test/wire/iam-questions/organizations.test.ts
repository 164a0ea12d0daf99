import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { deny, policyText } from '../../kit/index.ts'
import { allow, bare, faultOf, newKey, openServer } from '../iam/house.ts'
import { advance } from './time.ts'

const { omen, iam, as, close } = await openServer()
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
  /** The code of the fault that a job ends with. */
  const faultIn = async (EntityPath: string, OrganizationsPolicyId?: string, by = iam) => {
    const { JobId = '' } = await by.generateOrganizationsAccessReport({ EntityPath, OrganizationsPolicyId })
    advance(omen, 60_000, iam, organizations, inMember, ...(by === iam ? [] : [by]))
    const { $metadata: _, ...answer } = await by.getOrganizationsAccessReport({ JobId })
    if (answer.JobStatus !== 'FAILED') return answer.JobStatus
    assert.deepEqual(Object.keys(answer).toSorted(), [
      'ErrorDetails',
      'IsTruncated',
      'JobCompletionDate',
      'JobCreationDate',
      'JobStatus',
    ])
    return answer.ErrorDetails?.Code
  }

  test('needs SCPs, and a path that leads somewhere (RPT-31)', async () => {
    assert.match(
      await faultOf(iam.generateOrganizationsAccessReport({ EntityPath: path })),
      /^InvalidInput 400/,
    )
    await organizations.enablePolicyType({ RootId: rootId, PolicyType: 'SERVICE_CONTROL_POLICY' })
    assert.equal(await faultIn(`${path}/210987654321`), 'INVALID_ORGANIZATIONS_ENTITY_PATH', '(RPT-54)')
    assert.equal(
      await faultOf(iam.generateOrganizationsAccessReport({ EntityPath: 'o-aaaaaaaaaa/r-aaaa' })),
      'AccessDenied 403: The organization ID in the specified entity path is different than your organization ID.',
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
    assert.equal(await faultIn(path, 'p-nothinghere'), 'INVALID_ORGANIZATIONS_POLICY', '(RPT-54)')
  })

  test('one job at a time, and the same for a minute (RPT-55, RPT-56)', async () => {
    advance(omen, 60_000, iam, organizations, inMember)
    const ask = async (more = {}) =>
      (await iam.generateOrganizationsAccessReport({ EntityPath: path, ...more })).JobId
    const first = await ask()
    assert.equal(await ask(), first)
    const other = { OrganizationsPolicyId: 'p-FullAWSAccess' }
    const tooMany = 'ReportGenerationLimitExceeded 409: Maximum number of concurrent jobs exceeded'
    assert.equal(await faultOf(ask(other)), tooMany)
    advance(omen, 1_000, iam, organizations, inMember)
    const second = await ask(other)
    assert.notEqual(second, first)
    assert.equal(await ask(), first, 'before the limit')
    advance(omen, 60_000, iam, organizations, inMember)
    assert.notEqual(await ask(), first)
    advance(omen, 1_000, iam, organizations, inMember)
  })

  test('services that were never called stand in an order of their own (RPT-51, RPT-57)', async () => {
    const { Policy } = await organizations.createPolicy({
      Name: 'three',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: allow(['iam:*', 'sqs:*', 's3:*', 'ec2:*']),
    })
    const OrganizationsPolicyId = Policy?.PolicySummary?.Id ?? ''
    const { JobId } = await iam.generateOrganizationsAccessReport({ EntityPath: path, OrganizationsPolicyId })
    advance(omen, 1_000, iam, organizations, inMember)
    const read = async (
      SortKey: 'LAST_AUTHENTICATED_TIME_DESCENDING' | 'LAST_AUTHENTICATED_TIME_ASCENDING',
    ) => (await iam.getOrganizationsAccessReport({ JobId, SortKey })).AccessDetails ?? []
    const rows = await read('LAST_AUTHENTICATED_TIME_ASCENDING')
    const names = rows.map(({ ServiceNamespace }) => ServiceNamespace)
    assert.deepEqual(names, ['s3', 'ec2', 'sqs', 'iam'])
    const turned = (await read('LAST_AUTHENTICATED_TIME_DESCENDING')).map((row) => row.ServiceNamespace)
    assert.deepEqual(turned, names.toReversed())
    assert.deepEqual(
      rows.map(({ Region }) => Region),
      [undefined, undefined, undefined, 'us-east-1'],
    )
    assert.equal(rows.at(-1)?.ServiceName, 'AWS Identity and Access Management')
  })

  test('the policy is a condition key, and the job asks for the organization, by target (RPT-34, RPT-35, RPT-59)', async () => {
    await iam.createUser({ UserName: 'auditor' })
    const { OrganizationalUnit: made } = await organizations.createOrganizationalUnit({
      ParentId: rootId,
      Name: 'unit',
    })
    const unit = `${path}/${made?.Id}`
    const own = `${path}/123456789012`
    await iam.putUserPolicy({
      UserName: 'auditor',
      PolicyName: 'may',
      PolicyDocument: allow('iam:GenerateOrganizationsAccessReport', [
        `arn:aws:iam::123456789012:access-report/${path}`,
        `arn:aws:iam::123456789012:access-report/${path}/*`,
      ]),
    })
    await iam.putUserPolicy({
      UserName: 'auditor',
      PolicyName: 'read',
      PolicyDocument: allow('iam:GetOrganizationsAccessReport'),
    })
    const auditor = as(await newKey(iam, 'auditor'))
    auditor.config.systemClockOffset = iam.config.systemClockOffset
    const policy = 'p-FullAWSAccess'
    const reads = ['ListRoots', 'ListParents', 'ListPoliciesForTarget', 'DescribePolicy']
    const cases: readonly [string, string | undefined, readonly string[]][] = [
      [path, undefined, ['ListRoots', 'ListPoliciesForTarget', 'DescribePolicy', 'ListChildren']],
      [unit, undefined, [...reads, 'ListChildren']],
      [unit, policy, [...reads, 'ListTargetsForPolicy']],
      [own, policy, reads],
    ]
    for (const [entity, id, names] of cases) {
      for (const left of [...names, undefined]) {
        const actions = names.filter((name) => name !== left).map((name) => `organizations:${name}`)
        await iam.putUserPolicy({ UserName: 'auditor', PolicyName: 'reads', PolicyDocument: allow(actions) })
        const expected = left === undefined ? 'COMPLETED' : 'ORGANIZATIONS_REPORT_ACCESS_DENIED'
        assert.equal(await faultIn(entity, id, auditor), expected, `${entity} ${id} without ${left}`)
      }
    }
    await iam.putUserPolicy({
      UserName: 'auditor',
      PolicyName: 'may',
      PolicyDocument: allow('iam:GenerateOrganizationsAccessReport', '*', {
        StringEquals: { 'iam:OrganizationsPolicyId': policy },
      }),
    })
    assert.match(
      await faultOf(auditor.generateOrganizationsAccessReport({ EntityPath: path })),
      /^AccessDenied 403/,
    )
    await auditor.generateOrganizationsAccessReport({ EntityPath: path, OrganizationsPolicyId: policy })
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
      Content: policyText(deny('s3:*')),
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
