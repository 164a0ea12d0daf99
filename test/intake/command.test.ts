import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { createOmen, type Seed } from 'omen-iam/testing'
import { bashScript, listFiles, powershellScript, readFiles } from '../../packages/server/src/cli/index.ts'
import {
  applyImage,
  imageOfAccount,
  imageOfOrganization,
  readImage,
} from '../../packages/server/src/intake/index.ts'
import { omen, serve, temporaryHome } from '../cli/process.ts'
import { policyText, trustPolicy } from '../kit/index.ts'
import { needs, toolPath } from '../support/index.ts'
import { metadata as SAMLMetadataDocument } from '../wire/saml-identity-provider.ts'
import { planOf } from './terraform.ts'

const run = promisify(execFile)
const trust = trustPolicy({ Service: 'ec2.amazonaws.com' })
const dump = {
  UserDetailList: [
    {
      Path: '/',
      UserName: 'ann',
      UserId: 'AIDAQEXAMPLEAAAAAAAAA',
      Arn: 'arn:aws:iam::123456789012:user/ann',
      CreateDate: '2023-04-05T06:07:08+00:00',
      GroupList: [],
      AttachedManagedPolicies: [],
    },
  ],
}

/** A dump of more than the four megabytes that are read before anything is sent. */
const manyUsers = {
  UserDetailList: Array.from({ length: 600 }, (_, index) => ({
    ...dump.UserDetailList[0],
    UserName: `user-${index}`,
    UserId: `AIDAQEXAMPLEBBBBB${String(index)
      .padStart(4, 'A')
      .replaceAll(/\d/g, (digit) => 'ABCDEFGHIJ'[Number(digit)]!)}`,
    Arn: `arn:aws:iam::123456789012:user/user-${index}`,
    UserPolicyList: [
      {
        PolicyName: 'long',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'x'.repeat(8_000)}` }],
        },
      },
    ],
  })),
}

describe('omen import and export', () => {
  test('a running house takes a folder, shows it in a dry run first, and gives it back', async (t) => {
    const home = temporaryHome(t)
    const server = await serve(home)
    t.after(() => server.stop('SIGTERM'))
    const files = temporaryHome(t)
    writeFileSync(join(files, 'x.json'), JSON.stringify(dump))
    const dry = await omen(['import', files, '--dry-run', '--output', 'json', '--home', home])
    assert.deepEqual(JSON.parse(dry.stdout).counts, { made: 1, changed: 0, unchanged: 0 }, dry.stderr)
    const first = await omen(['import', files, '--home', home])
    assert.match(first.stdout, /1 made, 0 changed, 0 unchanged, 0 not taken, 0 findings/)
    const again = await omen(['import', files, '--home', home])
    assert.match(again.stdout, /0 made, 0 changed, 1 unchanged/)
    const out = await omen(['export', '--home', home])
    assert.deepEqual(
      JSON.parse(out.stdout)
        .UserDetailList.map(({ UserId }: { UserId: string }) => UserId)
        .at(-1),
      'AIDAQEXAMPLEAAAAAAAAA',
    )
    const template = await omen(['export', '--home', home, '--format', 'cloudformation'])
    assert.equal(JSON.parse(template.stdout).Resources.UserAnn.Type, 'AWS::IAM::User')
    assert.match(template.stderr, /not in the output: unique ids and creation dates/)
    // the first files are sent before the last is read: nothing of them is taken
    const broken = temporaryHome(t)
    writeFileSync(join(broken, 'a.json'), JSON.stringify(manyUsers))
    writeFileSync(join(broken, 'y.json'), '{"UserDetailList": [\n  {"UserName": 1.5e}]}')
    const refused = await omen(['import', broken, '--home', home])
    assert.equal(refused.status, 253)
    assert.match(refused.stderr, /y\.json:2:16: unknown value/)
    const after = await omen(['export', '--home', home])
    assert.equal(after.stdout, out.stdout)
    // a place in a plan of Terraform has the address of the resource
    const role = { name: 'app', assume_role_policy: trust }
    const plan = planOf({ resource: { aws_iam_role: { app: role } } }, '123456789012')
    writeFileSync(join(broken, 'y.json'), JSON.stringify(plan))
    const planned = await omen(['import', join(broken, 'y.json'), '--home', home])
    assert.match(planned.stdout, /1 made, 0 changed, 0 unchanged, 0 not taken/, planned.stderr)
  })

  test('symbolic links, pipes, deep folders and files that are too large are refused before they are read', async (t) => {
    const folder = temporaryHome(t)
    mkdirSync(join(folder, 'links'))
    symlinkSync('/etc/hostname', join(folder, 'links', 'x.json'))
    assert.throws(() => listFiles([join(folder, 'links')]), /x\.json:1:1: it is a symbolic link/)
    let deep = join(folder, 'deep')
    for (let depth = 0; depth < 10; depth++) deep = join(deep, 'd')
    mkdirSync(deep, { recursive: true })
    assert.throws(() => listFiles([join(folder, 'deep')]), /nest deeper/)
    assert.throws(() => [...readFiles(['/dev/zero'])], /it is not a file/)
    await run('truncate', ['-s', '500M', join(folder, 'large.json')])
    assert.throws(
      () => [...readFiles([join(folder, 'large.json')])],
      /large\.json:1:1: the file has 524288000 bytes/,
    )
    assert.throws(() => listFiles([join(folder, 'absent.json')]), /there is no such file/)
  })

  test('the scripts name read-only operations alone', () => {
    for (const script of [bashScript(), powershellScript()]) {
      const operations =
        script.match(
          /(?<![\w-])(?:create|delete|put|update|attach|detach|add|remove|set|start|run)-[a-z-]+/g,
        ) ?? []
      assert.deepEqual([...new Set(operations)], [])
      assert.match(script, /get-account-authorization-details/)
    }
  })

  test(
    'what the script fetches with the real AWS CLI is the same account (IMP-1, IMP-7)',
    needs('awsCli'),
    async (t) => {
      const seed: Seed = {
        groups: { team: {} },
        policies: {
          limits: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
          } as never,
        },
        users: { dev: { groups: ['team'], boundary: 'limits', tags: { a: 'b' }, password: 'Aa1!aaaaaaaa' } },
        roles: {
          web: {
            trust: 'ec2.amazonaws.com',
            instanceProfile: true,
            description: 'd',
            maxSessionSeconds: 7200,
          },
        },
      }
      await using one = await createOmen({ seed, port: 0 })
      const iam = one.client(IAM, 'admin')
      await iam.createOpenIDConnectProvider({
        Url: 'https://id.example.com',
        ClientIDList: ['a'],
        ThumbprintList: ['a'.repeat(40)],
      })
      await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'phone' })
      await iam.createAccountAlias({ AccountAlias: 'all-kinds' })
      await iam.createAccessKey({ UserName: 'dev' })
      await iam.createSAMLProvider({ Name: 'corp', SAMLMetadataDocument })
      await makeOrganization(one)
      const folder = temporaryHome(t)
      const script = join(folder, 'fetch.sh')
      writeFileSync(script, bashScript())
      const path = `${toolPath('awsCli').replace(/\/[^/]+$/, '')}:${process.env.PATH}`
      const { accessKeyId, secretAccessKey } = one.keys.admin
      await run('bash', [script, join(folder, 'out')], {
        env: {
          PATH: path,
          HOME: folder,
          PARTS: 'iam organization',
          AWS_ENDPOINT_URL: await one.listen(),
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_REGION: 'us-east-1',
        },
      })
      const read = readImage([...readFiles(listFiles([join(folder, 'out')]))])
      await using other = await createOmen({ port: false })
      const { findings, newAccounts } = await applyImage(read, other.omen.deps)
      assert.deepEqual([findings, newAccounts.length], [[], 1])
      const imageOf = ({ omen: { deps } }: typeof one) =>
        comparable(imageOfAccount(deps.directory.loaded(deps.firstAccount)!, deps.directory))
      const { createdAt: _, ...fetched } = imageOf(other)
      const { createdAt: __, ...original } = imageOf(one)
      assert.deepEqual(fetched, original)
      assert.deepEqual(
        fetched.samlProviders.map(({ name }: { name: string }) => name),
        ['corp'],
      )
      const organizationOf = ({ omen: { deps } }: typeof one) =>
        inAnyOrder(comparable(imageOfOrganization(deps.directory.loaded(deps.firstAccount)!)))
      assert.deepEqual(organizationOf(other), organizationOf(one))
    },
  )
})

/** The lists of an organization have no order. */
function inAnyOrder(organization: Readonly<Record<string, unknown>>): object {
  const sorted = Object.entries(organization).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value,
  ])
  return Object.fromEntries(sorted)
}

/** An organization with a unit in a unit, a member in it, a policy of each type, a trusted service and its administrator. */
async function makeOrganization(omen: Awaited<ReturnType<typeof createOmen>>): Promise<void> {
  const organizations = omen.client(Organizations, 'admin')
  await organizations.createOrganization({ FeatureSet: 'ALL' })
  const RootId = (await organizations.listRoots({})).Roots![0]!.Id!
  const unit = async (ParentId: string, Name: string) =>
    (await organizations.createOrganizationalUnit({ ParentId, Name })).OrganizationalUnit!.Id!
  const inner = await unit(await unit(RootId, 'Workloads'), 'Production')
  const { CreateAccountStatus: made } = await organizations.createAccount({
    AccountName: 'shop',
    Email: 'shop@example.com',
  })
  const { CreateAccountStatus: status } = await organizations.describeCreateAccountStatus({
    CreateAccountRequestId: made!.Id!,
  })
  const AccountId = status!.AccountId!
  await organizations.moveAccount({ AccountId, SourceParentId: RootId, DestinationParentId: inner })
  for (const [Type, TargetId] of [
    ['SERVICE_CONTROL_POLICY', inner],
    ['RESOURCE_CONTROL_POLICY', AccountId],
  ] as const) {
    await organizations.enablePolicyType({ RootId, PolicyType: Type })
    const { Policy } = await organizations.createPolicy({
      Name: `no-${TargetId}`,
      Description: 'a guardrail',
      Type,
      Content: policyText({
        Effect: 'Deny',
        ...(Type === 'RESOURCE_CONTROL_POLICY' && { Principal: '*' }),
        Action: 's3:DeleteBucket',
        Resource: '*',
      }),
    })
    await organizations.attachPolicy({ PolicyId: Policy!.PolicySummary!.Id!, TargetId })
  }
  const ServicePrincipal = 'access-analyzer.amazonaws.com'
  await organizations.enableAWSServiceAccess({ ServicePrincipal })
  await organizations.registerDelegatedAdministrator({ AccountId, ServicePrincipal })
}

/**
 * An image as data, without places and with whole seconds, as answers have them; of users only dev. Older versions of the
 * AWS CLI do not print the id of a SAML provider.
 */
function comparable(image: unknown) {
  const text = JSON.stringify(image, (key, value) => {
    if (key === 'at' && typeof value === 'object') return undefined
    if (key === 'samlProviders') return value.map((each: object) => ({ ...each, id: undefined }))
    if (key === 'users' || key === 'accessKeys')
      return value.filter((each: { name?: string; user?: string }) => (each.name ?? each.user) === 'dev')
    return /(?:At|Used|Until)$/.test(key) && typeof value === 'number' ? Math.floor(value / 1000) : value
  })
  return JSON.parse(text)
}
