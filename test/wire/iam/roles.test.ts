import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { policyText } from '../../kit/index.ts'
import { allow, bare, decoded, faultOf, newKey, openServer, trust, trustEc2 } from './house.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`

describe('roles', () => {
  test('what CreateRole, GetRole and ListRoles show, and what not (IAM-45, IAM-47, IAM-80)', async () => {
    const { Role: made } = await iam.createRole({
      RoleName: 'Web',
      Path: '/app/',
      AssumeRolePolicyDocument: trustEc2,
      Description: 'serves',
      MaxSessionDuration: 7_200,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      Tags: [{ Key: 'a', Value: 'b' }],
    })
    assert(made !== undefined)
    assert.match(made.RoleId ?? '', /^AROA[A-Z2-7]{17}$/)
    assert.deepEqual(Object.keys(made).sort(), [
      'Arn',
      'AssumeRolePolicyDocument',
      'CreateDate',
      'Description',
      'Path',
      'PermissionsBoundary',
      'RoleId',
      'RoleName',
      'Tags',
    ])
    const { Role: shown } = await iam.getRole({ RoleName: 'web' })
    assert.deepEqual(shown, { ...made, MaxSessionDuration: 7_200, RoleLastUsed: {} })
    const { PermissionsBoundary: _, Tags: __, ...head } = made
    const { Roles } = await iam.listRoles({ PathPrefix: '/app/' })
    assert.deepEqual(Roles, [{ ...head, MaxSessionDuration: 7_200 }])
    assert.deepEqual(bare(await iam.updateRole({ RoleName: 'Web', MaxSessionDuration: 3_600 })), {})
    const { Role: described } = await iam.updateRoleDescription({ RoleName: 'Web', Description: 'rests' })
    assert.deepEqual(described, { ...head, Description: 'rests' })
  })

  test('UpdateRole leaves what it does not name; an empty description is shown as one (IAM-68)', async () => {
    const RoleName = 'long'
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2, MaxSessionDuration: 7_200 })
    await iam.updateRole({ RoleName, Description: 'short' })
    const { Role } = await iam.getRole({ RoleName })
    assert.equal(Role?.MaxSessionDuration, 7_200)
    await iam.updateRole({ RoleName, MaxSessionDuration: 43_200 })
    assert.equal((await iam.getRole({ RoleName })).Role?.Description, 'short')
    await iam.updateRole({ RoleName, Description: '' })
    assert.equal((await iam.getRole({ RoleName })).Role?.Description, '')
    await iam.createRole({ RoleName: 'bare', AssumeRolePolicyDocument: trustEc2 })
    assert.equal((await iam.getRole({ RoleName: 'bare' })).Role?.Description, undefined)
  })

  test('a trust policy is returned by its meaning: ids are stored for the ARNs (POL-043, IAM-62, IAM-63)', async () => {
    await iam.createUser({ UserName: 'Friend' })
    const document = trust({ AWS: [arn('user/Friend'), '123456789012', '*'] })
    const { Role: made } = await iam.createRole({ RoleName: 'trusting', AssumeRolePolicyDocument: document })
    assert.equal(decodeURIComponent(made?.AssumeRolePolicyDocument ?? ''), document)
    const principals = async () => {
      const { Role } = await iam.getRole({ RoleName: 'trusting' })
      const text = decoded(Role?.AssumeRolePolicyDocument) as {
        Statement: [{ Principal: { AWS: string[] } }]
      }
      return text.Statement[0].Principal.AWS
    }
    assert.deepEqual(await principals(), [arn('user/Friend'), arn('root'), '*'])
    await iam.updateUser({ UserName: 'Friend', NewUserName: 'Pal', NewPath: '/x/' })
    assert.equal((await principals())[0], arn('user/x/Pal'))
    const { User } = await iam.getUser({ UserName: 'Pal' })
    await iam.deleteUser({ UserName: 'Pal' })
    await iam.createUser({ UserName: 'Friend' })
    assert.equal((await principals())[0], User?.UserId)
  })

  test('a trust policy is shown as IAM writes it (IAM-63, IAM-106)', async () => {
    const RoleName = 'written'
    const Condition = { StringEquals: { 'sts:ExternalId': ['one'] } }
    const statement = {
      Action: ['sts:AssumeRole'],
      Condition,
      Effect: 'Allow',
      Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], AWS: ['123456789012'] },
      Sid: '',
    }
    const sent = JSON.stringify({ Statement: statement, Id: 'mine' }, null, 2)
    const { Role: made } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: sent })
    assert.equal(decodeURIComponent(made?.AssumeRolePolicyDocument ?? ''), sent)
    const written = JSON.stringify({
      Version: '2008-10-17',
      Id: 'mine',
      Statement: [
        {
          Sid: '',
          Effect: 'Allow',
          Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], AWS: arn('root') },
          Action: 'sts:AssumeRole',
          Condition,
        },
      ],
    })
    const { Role } = await iam.getRole({ RoleName })
    assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), written)
    const { Roles } = await iam.listRoles({})
    const listed = Roles?.find((role) => role.RoleName === RoleName)
    assert.equal(listed?.AssumeRolePolicyDocument, Role?.AssumeRolePolicyDocument)
    const both = ['sts:AssumeRole', 'sts:TagSession']
    const PolicyDocument = policyText({ ...statement, Action: both })
    await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument })
    const { Role: updated } = await iam.getRole({ RoleName })
    const shown = decoded(updated?.AssumeRolePolicyDocument) as {
      Version: string
      Statement: [{ Action: string[] }]
    }
    assert.deepEqual([shown.Version, shown.Statement[0].Action], ['2012-10-17', both])
  })

  test('a principal that does not exist is refused (IAM-60, IAM-61, IAM-65)', async () => {
    const why = (principal: object) =>
      faultOf(iam.createRole({ RoleName: 'refused', AssumeRolePolicyDocument: trust(principal) }))
    const refused = (type: string, value: string) =>
      `MalformedPolicyDocument 400: Invalid principal in policy: "${type}":"${value}"`
    await iam.createUser({ UserName: 'Exact' })
    for (const value of [
      arn('user/nobody'),
      arn('user/exact'), // to the letter (POL-031)
      arn('role/Exact'),
      arn('group/all'),
      arn('user/*'),
      'AIDARZPUZDIKAAAAAAAAA',
    ]) {
      assert.equal(await why({ AWS: value }), refused('AWS', value))
    }
    assert.equal(await why({ Service: 'nothing.amazonaws.com' }), refused('SERVICE', 'nothing.amazonaws.com'))
    assert.equal(
      await why({ Federated: arn('role/Exact') }), // IAM-66
      'MalformedPolicyDocument 400: Federated principals must be valid domain names or SAML metadata ARNs',
    )
    assert.match(await faultOf(iam.getRole({ RoleName: 'refused' })), /^NoSuchEntity/)
  })

  test('a session is a principal if its role exists (IAM-300)', async () => {
    const session = (rest: string, account = arn('root').split(':')[4]) => `arn:aws:sts::${account}:${rest}`
    const Path = '/team/'
    await iam.createRole({ RoleName: 'Worn', Path, AssumeRolePolicyDocument: trustEc2 })
    const make = (RoleName: string, AWS: string) =>
      iam.createRole({ RoleName, AssumeRolePolicyDocument: trust({ AWS }) })
    for (const name of ['assumed-role/nobody/s', 'assumed-role/worn/s', 'assumed-role/own/s'])
      assert.equal(
        await faultOf(make('own', session(name))),
        `MalformedPolicyDocument 400: Invalid principal in policy: "AWS":"${session(name)}"`,
      )
    await make('ofSession', session('assumed-role/Worn/s'))
    await make('ofFederated', session('federated-user/nobody'))
    await make('ofTheirs', session('assumed-role/nobody/s', '210987654321'))
    const { Role } = await iam.getRole({ RoleName: 'ofSession' })
    assert.match(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), /assumed-role\/Worn\/s"/)
  })

  test('principals of a kind that is known are taken (IAM-61, IAM-64, IAM-66)', async () => {
    const principals = [
      { AWS: '*' },
      { AWS: '210987654321' },
      { AWS: 'arn:aws:iam::210987654321:role/theirs' },
      { Federated: 'arn:aws:iam::210987654321:saml-provider/idp' },
      { Federated: 'accounts.google.com' },
      { Service: ['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com', 'states.eu-west-1.amazonaws.com'] },
      { Service: ['vpc-flow-logs.amazonaws.com', 'monitoring.rds.amazonaws.com', 'pods.eks.amazonaws.com'] },
    ]
    for (const [n, principal] of principals.entries()) {
      await iam.createRole({ RoleName: `known${n}`, AssumeRolePolicyDocument: trust(principal) })
    }
  })

  test("AWS's words for an invalid trust policy", async () => {
    const why = (text: string) => faultOf(iam.createRole({ RoleName: 'bad', AssumeRolePolicyDocument: text }))
    assert.equal(
      await why('{"Version":"2012-10-17"'),
      'MalformedPolicyDocument 400: This policy contains invalid Json',
    )
    assert.equal(
      await why(trustEc2.replace('"Action"', '"Resource":"*","Action"')),
      'MalformedPolicyDocument 400: Has prohibited field Resource',
    )
    const long = { Version: '2012-10-17', Statement: JSON.parse(trustEc2).Statement, Id: 'x'.repeat(2_048) }
    assert.equal(
      await why(JSON.stringify(long)),
      'LimitExceeded 409: Cannot exceed quota for ACLSizePerRole: 2048', // IAM-32
    )
  })

  test('UpdateAssumeRolePolicy takes effect at once', async () => {
    await iam.createUser({ UserName: 'wearer' })
    await iam.createRole({ RoleName: 'mask', AssumeRolePolicyDocument: trustEc2 })
    const sts = omen.client(STS, await newKey(iam, 'wearer'))
    const put = () => sts.assumeRole({ RoleArn: arn('role/mask'), RoleSessionName: 'face' })
    assert.match(await faultOf(put()), /^AccessDenied 403/)
    await iam.updateAssumeRolePolicy({ RoleName: 'mask', PolicyDocument: trust({ AWS: arn('user/wearer') }) })
    const { Credentials: worn } = await put()
    await iam.putRolePolicy({ RoleName: 'mask', PolicyName: 'p', PolicyDocument: allow('iam:GetRole') })
    const masked = as({
      accessKeyId: worn?.AccessKeyId ?? '',
      secretAccessKey: worn?.SecretAccessKey ?? '',
      sessionToken: worn?.SessionToken ?? '',
    })
    // the session's own call counts already (IAM-80)
    const { Role } = await masked.getRole({ RoleName: 'mask' })
    assert.equal(Role?.RoleLastUsed?.Region, 'us-east-1')
    assert(Role?.RoleLastUsed?.LastUsedDate instanceof Date)
    assert.equal(
      await faultOf(masked.createAccessKey({})),
      'ValidationError 400: Must specify userName when calling with non-User credentials', // IAM-55
    )
  })

  test('a role is deleted when nothing hangs on it (IAM-20)', async () => {
    const RoleName = 'kept'
    const profile = { RoleName, InstanceProfileName: 'kept' }
    const managed = { RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })
    await iam.createInstanceProfile(profile)
    await iam.addRoleToInstanceProfile(profile)
    await iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: allow('s3:*') })
    await iam.attachRolePolicy(managed)
    const why = () => faultOf(iam.deleteRole({ RoleName }))
    assert.equal(
      await why(),
      'DeleteConflict 409: Cannot delete entity, must remove roles from instance profile first.',
    )
    await iam.removeRoleFromInstanceProfile(profile)
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must delete policies first.')
    await iam.deleteRolePolicy({ RoleName, PolicyName: 'p' })
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete entity, must detach all policies first.')
    await iam.detachRolePolicy(managed)
    await iam.deleteRole({ RoleName })
    assert.equal(
      await faultOf(iam.deleteRole({ RoleName })),
      'NoSuchEntity 404: The role with name kept cannot be found.',
    )
  })

  test('names are taken once (IAM-2); the path of service-linked roles is not free (IAM-67)', async () => {
    await iam.createRole({ RoleName: 'Once', AssumeRolePolicyDocument: trustEc2 })
    assert.equal(
      await faultOf(iam.createRole({ RoleName: 'ONCE', AssumeRolePolicyDocument: trustEc2 })),
      'EntityAlreadyExists 409: Role with name ONCE already exists.',
    )
    const forged = { RoleName: 'forged', Path: '/aws-service-role/ec2.amazonaws.com/' }
    assert.match(
      await faultOf(iam.createRole({ ...forged, AssumeRolePolicyDocument: trustEc2 })),
      /^InvalidInput 400/,
    )
  })
})
