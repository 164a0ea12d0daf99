import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  AssociateIamInstanceProfileCommand,
  EC2Client,
  ReplaceIamInstanceProfileAssociationCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import { AddRoleToInstanceProfileCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  CreateFunctionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { passRoleRows } from '../../packages/server/src/authorization/catalogue/index.ts'
import { roles } from '../../packages/server/src/directory/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { zipOf } from '../support/index.ts'
import { type Ec2Server, ec2Server, failure, type Statement } from './ec2-house.ts'

type Credentials = Awaited<ReturnType<Ec2Server['user']>> | 'admin'

/** An operation that hands a role on, as this suite calls it. */
interface Row {
  /** Permission to call it, and for nothing else. */
  readonly action: string
  readonly service: string
  /** Hands the role of this name on, in a call of these credentials. */
  readonly pass: (server: Ec2Server, as: Credentials, role: string) => Promise<unknown>
  /** What is said of a role that does not trust the service; left out, it is handed on and worn in vain. */
  readonly untrusted?: string
  /** A role of another account: how it is named, and what is said of it. */
  readonly foreign: {
    readonly pass: (server: Ec2Server, as: Credentials) => Promise<unknown>
    readonly says: RegExp
  }
}

const stranger = '210987654321'
const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const code = { ZipFile: zipOf({ 'index.js': 'exports.handler = async () => 1' }) }
const node = { Runtime: 'nodejs24.x', Handler: 'index.handler' } as const
const arnOf = (role: string, account = '123456789012') => `arn:aws:iam::${account}:role/${role}`
const strangeProfile = { Arn: `arn:aws:iam::${stranger}:instance-profile/web` }
const noProfile = /^InvalidParameterValue 400: .* Invalid IAM Instance Profile ARN$/

let made = 0

async function runInstances(server: Ec2Server, as: Credentials, IamInstanceProfile: object) {
  return server.omen.client(EC2Client, as).send(new RunInstancesCommand({ ...launch, IamInstanceProfile }))
}

async function newInstance({ omen }: Ec2Server): Promise<string> {
  const { Instances } = await omen.client(EC2Client).send(new RunInstancesCommand(launch))
  return Instances![0]!.InstanceId!
}

async function associate(server: Ec2Server, as: Credentials, IamInstanceProfile: object) {
  const InstanceId = await newInstance(server)
  const command = new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile })
  return server.omen.client(EC2Client, as).send(command)
}

async function replace(server: Ec2Server, as: Credentials, IamInstanceProfile: object) {
  await server.profile('before', await server.role('before'))
  const before = await associate(server, 'admin', { Name: 'before' })
  const { AssociationId } = before.IamInstanceProfileAssociation!
  const command = new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile })
  return server.omen.client(EC2Client, as).send(command)
}

/** An instance profile with the role in it, or with none. */
async function withProfile(
  { account, profile }: Ec2Server,
  role?: string,
): Promise<{ readonly Name: string }> {
  const Name = `profile-${made++}`
  await profile(Name, role === undefined ? undefined : account.table(roles).findBy('name', role)!)
  return { Name }
}

async function createFunction({ omen }: Ec2Server, as: Credentials, Role: string) {
  const command = new CreateFunctionCommand({ ...node, FunctionName: `f-${made++}`, Code: code, Role })
  return omen.client(LambdaClient, as).send(command)
}

async function updateFunction(server: Ec2Server, as: Credentials, Role: string) {
  await server.role('first', 'lambda.amazonaws.com')
  const { FunctionName } = await createFunction(server, 'admin', arnOf('first'))
  const command = new UpdateFunctionConfigurationCommand({ FunctionName, Role })
  return server.omen.client(LambdaClient, as).send(command)
}

async function addRole(server: Ec2Server, as: Credentials, RoleName: string) {
  const { Name: InstanceProfileName } = await withProfile(server)
  const command = new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName })
  return server.omen.client(IAMClient, as).send(command)
}

const ec2 = 'ec2.amazonaws.com'
const cannotBeAssumed =
  'InvalidParameterValueException 400: The role defined for the function cannot be assumed by Lambda.'
const crossAccount = /^AccessDeniedException 403: Cross-account pass role is not allowed\.$/

/** Every operation served that hands a role on. */
const rows: Readonly<Record<string, Row>> = {
  'ec2:RunInstances': {
    action: 'ec2:*',
    service: ec2,
    pass: async (server, as, role) => runInstances(server, as, await withProfile(server, role)),
    foreign: { pass: (server, as) => runInstances(server, as, strangeProfile), says: noProfile },
  },
  'ec2:AssociateIamInstanceProfile': {
    action: 'ec2:*',
    service: ec2,
    pass: async (server, as, role) => associate(server, as, await withProfile(server, role)),
    foreign: { pass: (server, as) => associate(server, as, strangeProfile), says: noProfile },
  },
  'ec2:ReplaceIamInstanceProfileAssociation': {
    action: 'ec2:*',
    service: ec2,
    pass: async (server, as, role) => replace(server, as, await withProfile(server, role)),
    foreign: { pass: (server, as) => replace(server, as, strangeProfile), says: noProfile },
  },
  'iam:AddRoleToInstanceProfile': {
    action: 'iam:AddRoleToInstanceProfile',
    service: ec2,
    pass: addRole,
    // roles are named without their account, so one of another can only be missing
    foreign: {
      pass: (server, as) => addRole(server, as, 'theirs'),
      says: /^NoSuchEntity(?:Exception)? 404: .*theirs cannot be found\.$/,
    },
  },
  'lambda:CreateFunction': {
    action: 'lambda:*',
    service: 'lambda.amazonaws.com',
    pass: (server, as, role) => createFunction(server, as, arnOf(role)),
    untrusted: cannotBeAssumed,
    foreign: {
      pass: (server, as) => createFunction(server, as, arnOf('web', stranger)),
      says: crossAccount,
    },
  },
  'lambda:UpdateFunctionConfiguration': {
    action: 'lambda:*',
    service: 'lambda.amazonaws.com',
    pass: (server, as, role) => updateFunction(server, as, arnOf(role)),
    untrusted: cannotBeAssumed,
    foreign: {
      pass: (server, as) => updateFunction(server, as, arnOf('web', stranger)),
      says: crossAccount,
    },
  },
}

/** Operations that could hand a role on, and refuse to take one. */
const takesNone: Readonly<Record<string, string>> = {
  'cloudtrail:CreateTrail': 'delivers to no CloudWatch log group, so CloudWatchLogsRoleArn is refused',
  'cloudtrail:UpdateTrail': 'as CreateTrail',
}

/** Operations whose role is seen to be asked about in a test file of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  'cognito-identity:SetIdentityPoolRoles': 'cognito-identity.test.ts',
  'eks:CreatePodIdentityAssociation': 'pod-identity.test.ts',
  'eks:UpdatePodIdentityAssociation': 'pod-identity.test.ts',
  'rolesanywhere:CreateProfile': 'roles-anywhere.test.ts',
  'rolesanywhere:EnableProfile': 'roles-anywhere.test.ts',
  'rolesanywhere:UpdateProfile': 'roles-anywhere.test.ts',
}

const passing = (role: string, service: string): Statement => ({
  Action: 'iam:PassRole',
  Resource: arnOf(role),
  Condition: { StringEquals: { 'iam:PassedToService': service } },
})

async function fault(call: Promise<unknown>): Promise<string> {
  const { name, status, message } = await failure(call)
  return `${name} ${status}: ${message}`
}

for (const [operation, row] of Object.entries(rows)) {
  describe(`${operation} hands a role on`, () => {
    const may = { Action: row.action }
    const named = (role: string) => new RegExp(`perform: iam:PassRole on resource: ${arnOf(role)}(?: |$)`)

    test('denied without iam:PassRole, in a sentence that names it and the role (PSR-1)', async () => {
      await using server = await ec2Server()
      await server.role('web', row.service)
      assert.match(await fault(row.pass(server, await server.user('dev', may), 'web')), named('web'))
    })

    test('allowed with exactly it, on that role and for that service (PSR-1)', async () => {
      await using server = await ec2Server()
      await server.role('web', row.service)
      await server.role('other', row.service)
      const dev = await server.user('dev', may, passing('web', row.service))
      await row.pass(server, dev, 'web')
      assert.match(await fault(row.pass(server, dev, 'other')), named('other'))
    })

    test('denied where iam:PassedToService names another service (PSR-2)', async () => {
      await using server = await ec2Server()
      await server.role('web', row.service)
      const dev = await server.user('dev', may, passing('web', 'ecs-tasks.amazonaws.com'))
      assert.match(await fault(row.pass(server, dev, 'web')), named('web'))
    })

    test('a role that does not trust the service is refused, or never worn (PSR-3)', async () => {
      await using server = await ec2Server()
      const role = await server.role('web', 'ecs-tasks.amazonaws.com')
      // the right to hand it on is asked first
      assert.match(await fault(row.pass(server, await server.user('nobody', may), 'web')), named('web'))
      const dev = await server.user('dev', may, passing('web', row.service))
      if (row.untrusted !== undefined) {
        assert.equal(await fault(row.pass(server, dev, 'web')), row.untrusted)
        return
      }
      await row.pass(server, dev, 'web')
      const { account, omen } = server
      const request = { account, role, service: row.service, sessionName: 'i-0', lifetimeSeconds: 900 }
      assert.equal(await omen.omen.deps.assumeForService(request), undefined)
    })

    test('a role of another account is not passed, whoever the caller is (PSR-4)', async () => {
      await using server = await ec2Server()
      const dev = await server.user('dev', may, { Action: 'iam:PassRole' })
      for (const as of [dev, 'admin'] as const)
        assert.match(await fault(row.foreign.pass(server, as)), row.foreign.says)
    })

    test('a role session hands a role on as a user does (PSR-5)', async () => {
      await using server = await ec2Server()
      await server.role('web', row.service)
      await server.role('other', row.service)
      const role = await server.role('deployer', ec2, may, passing('web', row.service))
      const { account, omen } = server
      const request = { account, role, service: ec2, sessionName: 'i-0', lifetimeSeconds: 900 }
      const session = await omen.omen.deps.assumeForService(request)
      assert(session !== undefined)
      await row.pass(server, session, 'web')
      assert.match(await fault(row.pass(server, session, 'other')), named('other'))
    })
  })
}

test('no operation that is served and hands a role on is missing above (PSR-6)', async () => {
  const apis = await Promise.all(servedApis.map(({ load }) => load()))
  const handing = apis.flatMap(({ id, operations }) =>
    Object.keys(operations)
      .filter((operation) => passRoleRows(id, operation).length > 0)
      .map((operation) => `${id}:${operation}`)
      .filter((operation) => !Object.hasOwn(takesNone, operation)),
  )
  assert.deepEqual(handing.sort(), [...Object.keys(rows), ...Object.keys(elsewhere)].sort())
  for (const [operation, file] of Object.entries(elsewhere)) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    assert.ok(text.includes('iam:PassRole'), `${operation} is not asked about in ${file}`)
  }
})

test('a role is put into a profile for instances of the account, wherever they will be (PSR-7)', async () => {
  await using server = await ec2Server()
  await server.role('web')
  const forInstances = (of: string) => ({
    Action: 'iam:PassRole',
    Condition: { ArnLike: { 'iam:AssociatedResourceArn': `arn:aws:ec2:*:${of}:instance/*` } },
  })
  const may = { Action: 'iam:AddRoleToInstanceProfile' }
  await addRole(server, await server.user('dev', may, forInstances('123456789012')), 'web')
  const denied = addRole(server, await server.user('dev', may, forInstances(stranger)), 'web')
  assert.match(await fault(denied), /iam:PassRole/)
})
