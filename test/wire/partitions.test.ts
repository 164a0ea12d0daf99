import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { DescribeRegionsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { type ClientCredentials, createOmen } from 'omen-iam'
import { type Partition, parsePartition } from '../../packages/server/src/base/index.ts'
import { account } from '../kit/index.ts'
import { awsCli, needs, zipOf } from '../support/index.ts'
import { assertionOf, base64, metadata, responseWith, signed } from './saml-identity-provider.ts'

/** What differs: the regions, the domain of hosts, EC2's principal, the sign-in. */
const places = {
  'aws-cn': {
    region: 'cn-north-1',
    organizationsRegion: 'cn-northwest-1',
    foreign: 'aws',
    regions: ['cn-north-1', 'cn-northwest-1'],
    suffix: 'amazonaws.com.cn',
    ec2: 'ec2.amazonaws.com.cn',
    signIn: 'signin.amazonaws.cn',
    audience: 'urn:amazon:webservices:cn-north-1',
    console: 'https://console.amazonaws.cn/',
  },
  'aws-us-gov': {
    region: 'us-gov-west-1',
    organizationsRegion: 'us-gov-west-1',
    foreign: 'aws-cn',
    regions: ['us-gov-east-1', 'us-gov-west-1'],
    suffix: 'amazonaws.com',
    ec2: 'ec2.amazonaws.com',
    signIn: 'signin.amazonaws-us-gov.com',
    audience: 'urn:amazon:webservices:govcloud',
    console: 'https://console.amazonaws-us-gov.com/',
  },
} as const

for (const [partition, place] of Object.entries(places)) {
  const omen = await createOmen({ partition: parsePartition(partition) as Partition, account })
  after(() => omen.close())
  const iam = omen.client(IAM)
  const arn = (service: string, resource: string, region = '') =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`
  const cli = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await awsCli(
      { endpoint: omen.endpoint, region: place.region, credentials: omen.keys.admin },
      ...args,
    )
    assert.equal(status, 0, stderr)
    return stdout.trim() === '' ? {} : JSON.parse(stdout)
  }
  const user = async (UserName: string, ...statements: readonly object[]): Promise<ClientCredentials> => {
    await iam.createUser({ UserName })
    await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) })
    const { AccessKey: key } = await iam.createAccessKey({ UserName })
    return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
  }
  const role = (RoleName: string, Principal: object) =>
    iam.createRole({
      RoleName,
      AssumeRolePolicyDocument: policy({ Principal, Action: 'sts:AssumeRole', Resource: undefined }),
    })
  const eventsOf = async (name: string, region: string) => {
    await omen.omen.deps.recorder.flush()
    const trail = new CloudTrailClient({ ...omen.clientConfig(), region })
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }] }),
    )
    trail.destroy()
    return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent!))
  }

  describe(`a house of partition ${partition}`, () => {
    test('names everything by its partition (PAR-1)', needs('awsCli'), async () => {
      assert.equal((await cli('sts', 'get-caller-identity')).Arn, arn('iam', 'user/admin'))
      const made = await cli('iam', 'create-user', '--user-name', 'cli', '--path', '/team/')
      assert.equal(made.User.Arn, arn('iam', 'user/team/cli'))
      const managed = `arn:${partition}:iam::aws:policy/AmazonS3ReadOnlyAccess`
      await cli('iam', 'attach-user-policy', '--user-name', 'cli', '--policy-arn', managed)
      const own = await iam.createPolicy({ PolicyName: 'own', PolicyDocument: policy({}) })
      assert.equal(own.Policy?.Arn, arn('iam', 'policy/own'))
      const { FederatedUser } = await omen.client(STS).getFederationToken({ Name: 'fed' })
      assert.equal(FederatedUser?.Arn, arn('sts', 'federated-user/fed'))
      const { User: root } = await omen.client(IAM, 'root').getUser({})
      assert.equal(root?.Arn, arn('iam', 'root'))
    })

    test('knows AWS’s managed policies by its own ARNs, and no others (PAR-6)', async () => {
      const { Policies = [] } = await iam.listPolicies({ Scope: 'AWS', MaxItems: 1000 })
      assert.ok(Policies.every(({ Arn }) => Arn?.startsWith(`arn:${partition}:iam::aws:policy/`)))
      await assert.rejects(
        iam.getPolicy({ PolicyArn: `arn:${place.foreign}:iam::aws:policy/AdministratorAccess` }),
        { message: 'Invalid ARN partition' },
      )
      const PolicyArn = `arn:${partition}:iam::aws:policy/AWSLambdaExecute`
      const { Policy } = await iam.getPolicy({ PolicyArn })
      const { PolicyVersion } = await iam.getPolicyVersion({
        PolicyArn,
        VersionId: Policy!.DefaultVersionId,
      })
      const text = decodeURIComponent(PolicyVersion?.Document ?? '')
      assert.ok(text.includes(`arn:${partition}:logs:`), text)
      assert.ok(!text.includes('arn:aws:'))
    })

    test('takes no ARN of another partition in a policy (PAR-2)', async () => {
      await assert.rejects(
        iam.createPolicy({
          PolicyName: 'foreign',
          PolicyDocument: policy({ Resource: `arn:${place.foreign}:s3:::b` }),
        }),
        {
          name: 'MalformedPolicyDocumentException',
          message: `Partition "${place.foreign}" is not valid for resource "arn:${place.foreign}:s3:::b".`,
        },
      )
      await assert.rejects(role('foreign', { AWS: `arn:${place.foreign}:iam::${account}:root` }), {
        message: `Invalid principal in policy: "AWS":"arn:${place.foreign}:iam::${account}:root"`,
      })
      const sts = omen.client(STS)
      await role('home', { AWS: account })
      const { Role } = await iam.getRole({ RoleName: 'home' })
      assert.ok(decodeURIComponent(Role!.AssumeRolePolicyDocument!).includes(arn('iam', 'root')))
      const wanted = { RoleSessionName: 'session' }
      await assert.rejects(
        sts.assumeRole({ ...wanted, RoleArn: `arn:${place.foreign}:iam::${account}:role/home` }),
        { name: 'AccessDenied' },
      )
      const { AssumedRoleUser } = await sts.assumeRole({ ...wanted, RoleArn: Role!.Arn })
      assert.equal(AssumedRoleUser?.Arn, arn('sts', 'assumed-role/home/session'))
    })

    test('hands a role to EC2 under the principal of the partition (PAR-3, PAR-4)', async () => {
      for (const [RoleName, Service] of [
        ['by-own-name', place.ec2],
        ['by-com', 'ec2.amazonaws.com'],
      ] as const) {
        await role(RoleName, { Service })
        await iam.createInstanceProfile({ InstanceProfileName: RoleName })
        await iam.addRoleToInstanceProfile({ InstanceProfileName: RoleName, RoleName })
        const passes = (service: string) => ({
          Action: 'iam:PassRole',
          Resource: arn('iam', `role/${RoleName}`),
          Condition: { StringEquals: { 'iam:PassedToService': service } },
        })
        const launch = (as: ClientCredentials) =>
          omen.client(EC2Client, as).send(
            new RunInstancesCommand({
              ImageId: 'ami-0abcdef1234567890',
              MinCount: 1,
              MaxCount: 1,
              IamInstanceProfile: { Arn: arn('iam', `instance-profile/${RoleName}`) },
            }),
          )
        const ec2 = { Action: 'ec2:*', Resource: `arn:${partition}:ec2:*` }
        const may = await user(`may-${RoleName}`, { Action: 'ec2:*' }, passes(place.ec2))
        const { Instances = [] } = await launch(may)
        const id = Instances[0]?.InstanceId
        assert.equal(Instances[0]?.IamInstanceProfile?.Arn, arn('iam', `instance-profile/${RoleName}`))
        const [worn] = (await eventsOf('AssumeRole', place.region)).filter(
          ({ requestParameters }) => requestParameters?.roleSessionName === id,
        )
        assert.equal(worn?.errorCode, undefined, 'EC2 may put the role on')
        assert.equal(worn?.awsRegion, place.region)
        assert.equal(worn?.resources[0].ARN, arn('iam', `role/${RoleName}`))
        const other = await user(`may-not-${RoleName}`, ec2, passes('lambda.amazonaws.com'))
        await assert.rejects(launch(other), { name: 'UnauthorizedOperation' })
      }
    })

    test('names regions, hosts and instances by the partition’s domain (PAR-7)', async () => {
      const { Regions = [] } = await omen.client(EC2Client).send(new DescribeRegionsCommand({}))
      assert.deepEqual(
        Regions.map(({ RegionName, Endpoint }) => [RegionName, Endpoint]),
        place.regions.map((name) => [name, `ec2.${name}.${place.suffix}`]),
      )
    })

    test('runs Lambda functions under its own ARNs', async () => {
      await role('fn', { Service: 'lambda.amazonaws.com' })
      const lambda = omen.client(LambdaClient)
      const create = (Role: string) =>
        lambda.send(
          new CreateFunctionCommand({
            FunctionName: 'f',
            Role,
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Code: { ZipFile: zipOf({ 'index.js': '' }) },
          }),
        )
      await assert.rejects(create(`arn:${place.foreign}:iam::${account}:role/fn`))
      const { FunctionArn, RuntimeVersionConfig } = await create(arn('iam', 'role/fn'))
      assert.equal(FunctionArn, arn('lambda', 'function:f', place.region))
      assert.match(
        RuntimeVersionConfig?.RuntimeVersionArn ?? '',
        new RegExp(`^arn:${partition}:lambda:${place.region}::`),
      )
    })

    test('records IAM, sign-in and Organizations in their one region (PAR-5, PAR-10)', async () => {
      const organizations = omen.client(Organizations)
      const { Organization } = await organizations.createOrganization({ FeatureSet: 'ALL' })
      assert.match(
        Organization!.Arn!,
        new RegExp(`^arn:${partition}:organizations::${account}:organization/o-`),
      )
      const { Roots = [] } = await organizations.listRoots({})
      await organizations.enablePolicyType({ RootId: Roots[0]!.Id, PolicyType: 'SERVICE_CONTROL_POLICY' })
      const { Policies: full = [] } = await organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
      assert.equal(
        full[0]?.Arn,
        `arn:${partition}:organizations::aws:policy/service_control_policy/p-FullAWSAccess`,
      )
      const { CreateAccountStatus: asked } = await organizations.createAccount({
        AccountName: 'member',
        Email: 'member@example.com',
      })
      const { CreateAccountStatus: status } = await organizations.describeCreateAccountStatus({
        CreateAccountRequestId: asked?.Id,
      })
      const member = status!.AccountId!
      const { Policy: scp } = await organizations.createPolicy({
        Name: 'no-users',
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: policy({ Effect: 'Deny', Action: 'iam:CreateUser', Resource: `arn:${partition}:iam::*:*` }),
      })
      await organizations.attachPolicy({ PolicyId: scp!.PolicySummary!.Id, TargetId: member })
      const { Credentials: given } = await omen.client(STS).assumeRole({
        RoleArn: `arn:${partition}:iam::${member}:role/OrganizationAccountAccessRole`,
        RoleSessionName: 'in',
      })
      const inside = omen.client(IAM, {
        accessKeyId: given!.AccessKeyId!,
        secretAccessKey: given!.SecretAccessKey!,
        sessionToken: given!.SessionToken!,
      })
      await assert.rejects(inside.createUser({ UserName: 'u' }), /explicit deny in a service control policy/)
      await inside.listUsers({})
      for (const [name, region, source] of [
        ['CreateRole', place.region, 'iam.amazonaws.com'],
        ['CreateOrganization', place.organizationsRegion, 'organizations.amazonaws.com'],
      ] as const) {
        const [event] = await eventsOf(name, region)
        assert.equal(event?.awsRegion, region)
        assert.equal(event?.eventSource, source)
        assert.equal(event?.userIdentity.arn, arn('iam', 'user/admin'))
      }
    })

    test('signs people in, and takes assertions for its own sign-in (PAR-8)', async () => {
      await iam.createUser({ UserName: 'alice' })
      await iam.createLoginProfile({ UserName: 'alice', Password: 'Correct-Horse-7' })
      const fields = { account, userName: 'alice', password: 'Correct-Horse-7' }
      const answer = await fetch(`${omen.endpoint}/signin/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      })
      assert.equal(answer.status, 200)
      const [signedIn] = await eventsOf('ConsoleLogin', place.region)
      assert.equal(signedIn?.userIdentity.arn, arn('iam', 'user/alice'))

      const { SAMLProviderArn: provider } = await iam.createSAMLProvider({
        Name: 'idp',
        SAMLMetadataDocument: metadata,
      })
      assert.equal(provider, arn('iam', 'saml-provider/idp'))
      await iam.createRole({
        RoleName: 'reader',
        AssumeRolePolicyDocument: policy({
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithSAML',
          Resource: undefined,
        }),
      })
      const reader = arn('iam', 'role/reader')
      const saying = (host: string, audience: string) => ({
        now: omen.clock.now(),
        roles: [`${reader},${provider}`],
        recipient: `https://${host}/saml`,
        audience,
      })
      const assume = (host: string, audience: string) =>
        omen.client(STS).assumeRoleWithSAML({
          RoleArn: reader,
          PrincipalArn: provider!,
          SAMLAssertion: base64(
            responseWith(signed(assertionOf(saying(host, audience)), 'Assertion')).replace(
              /Destination="[^"]*"/,
              `Destination="https://${host}/saml"`,
            ),
          ),
        })
      const { Audience } = await assume(place.signIn, place.audience)
      assert.equal(Audience, `https://${place.signIn}/saml`)
      const wrong = { message: 'Response does not contain the required audience.' }
      await assert.rejects(assume('signin.aws.amazon.com', place.audience), wrong)
      await assert.rejects(assume(place.signIn, 'urn:amazon:webservices'), wrong)
    })
  })
}

describe('service principals of China (PAR-4)', () => {
  test('only some services have a name with the suffix of China', async () => {
    await using omen = await createOmen({ partition: 'aws-cn', port: false })
    const iam = omen.client(IAM)
    const create = (Service: string) =>
      iam.createRole({
        RoleName: Service.replaceAll('.', '-'),
        AssumeRolePolicyDocument: policy({
          Principal: { Service },
          Action: 'sts:AssumeRole',
          Resource: undefined,
        }),
      })
    await create('elasticmapreduce.amazonaws.com.cn')
    await create('codedeploy.cn-north-1.amazonaws.com.cn')
    await create('monitoring.rds.amazonaws.com')
    await assert.rejects(create('monitoring.rds.amazonaws.com.cn'), {
      message: 'Invalid principal in policy: "SERVICE":"monitoring.rds.amazonaws.com.cn"',
    })
  })
})

/** A policy of statements that allow everything where they say nothing else. */
function policy(...statements: readonly object[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((each) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...each })),
  })
}
