/** Figures of import and export on this machine, for reading, not for asserting: ratios against JSON.parse of the same run. */

import { createOmen } from '../../packages/server/src/index.ts'
import {
  applyImage,
  authorizationDetails,
  compareImage,
  ImageReader,
  imageOfAccount,
  readImage,
} from '../../packages/server/src/intake/index.ts'

/** Writes the figures to standard output. */
export async function bench(): Promise<void> {
  await oneAccount()
  await manyAccounts()
}

async function oneAccount(): Promise<void> {
  const text = dumpOf('111122223333', 5_000, 5_000, 1_500)
  const parse = await timed(() => JSON.parse(text))
  line(`JSON.parse of a dump of ${Math.round(text.length / 1e6)} MB`, parse)
  await using omen = await createOmen({ port: false })
  const { house } = omen.omen
  const files = [{ name: 'dump.json', text }]
  const { result: image, took: read } = await measured(async () => readImage(files))
  line('the dump read into an image', read, parse)
  const { took: applied } = await measured(() => applyImage(image, house))
  line('applied to a house: 5,000 roles, 5,000 users, 1,500 policies', applied, parse)
  line('read and applied', read + applied, parse)
  line('compared again: nothing changes', await timed(() => compareImage(image, house)), parse)
  const exported = await measured(async () => {
    const account = await house.directory.find(image.accounts[0]!.account)
    return JSON.stringify(authorizationDetails(imageOfAccount(account!, house.directory)))
  })
  line(`exported as ${Math.round(exported.result.length / 1e6)} MB`, exported.took, parse)
}

async function manyAccounts(): Promise<void> {
  const numbers = Array.from({ length: 100 }, (_, index) => String(200_000_000_000 + index))
  const text = dumpOf(numbers[0]!, 1_000, 0, 0)
  await using omen = await createOmen({ port: false })
  const { took } = await measured(async () => {
    const reader = new ImageReader()
    for (const number of numbers)
      reader.read({ name: `${number}/dump.json`, text: text.replaceAll(numbers[0]!, number) })
    return applyImage(reader.image(), omen.omen.house)
  })
  const memory = Math.round(process.memoryUsage().rss / 1e6)
  line('100 accounts of 1,000 roles read and applied', took)
  process.stdout.write(`  resident memory then: ${memory} MB\n`)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What get-account-authorization-details prints of an account of that size. */
function dumpOf(account: string, roles: number, users: number, policies: number): string {
  let count = 0
  const id = (prefix: string) => {
    let text = ''
    for (let rest = ++count, i = 0; i < 16; i++, rest = Math.floor(rest / 32))
      text = alphabet[rest % 32] + text
    return `${prefix}${text}A`
  }
  const arn = (resource: string) => `arn:aws:iam::${account}:${resource}`
  const CreateDate = '2023-04-05T06:07:08+00:00'
  const document = (number: number, statements: number) => ({
    Version: '2012-10-17',
    Statement: Array.from({ length: statements }, (_, index) => ({
      Sid: `S${index}`,
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 'dynamodb:Query'],
      Resource: [
        `arn:aws:s3:::bucket-${number}-${index}/*`,
        `arn:aws:dynamodb:eu-west-1:${account}:table/t-${number}`,
      ],
      Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${number % 50}` } },
    })),
  })
  const attached = (number: number) =>
    policies === 0
      ? []
      : [{ PolicyName: `policy-${number % policies}`, PolicyArn: arn(`policy/policy-${number % policies}`) }]
  const list = <T>(length: number, make: (number: number) => T) =>
    Array.from({ length }, (_, number) => make(number))
  return JSON.stringify({
    UserDetailList: list(users, (number) => ({
      Path: '/',
      UserName: `user-${number}`,
      UserId: id('AIDA'),
      Arn: arn(`user/user-${number}`),
      CreateDate,
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: document(number, 2) }],
      GroupList: [],
      AttachedManagedPolicies: attached(number),
      Tags: [{ Key: 'team', Value: `team-${number % 50}` }],
    })),
    RoleDetailList: list(roles, (number) => ({
      Path: '/',
      RoleName: `role-${number}`,
      RoleId: id('AROA'),
      Arn: arn(`role/role-${number}`),
      CreateDate,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      InstanceProfileList: [],
      RolePolicyList: [{ PolicyName: 'main', PolicyDocument: document(number, 2) }],
      AttachedManagedPolicies: attached(number),
      Tags: [],
      RoleLastUsed: {},
    })),
    Policies: list(policies, (number) => ({
      PolicyName: `policy-${number}`,
      PolicyId: id('ANPA'),
      Arn: arn(`policy/policy-${number}`),
      Path: '/',
      DefaultVersionId: 'v1',
      CreateDate,
      UpdateDate: CreateDate,
      PolicyVersionList: [
        { VersionId: 'v1', IsDefaultVersion: true, CreateDate, Document: document(number, 8) },
      ],
    })),
  })
}

async function measured<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly took: number }> {
  const started = performance.now()
  const result = await work()
  return { result, took: performance.now() - started }
}

async function timed(work: () => unknown): Promise<number> {
  return (await measured(async () => work())).took
}

function line(what: string, took: number, base?: number): void {
  const ratio = base === undefined ? '' : `  ${(took / base).toFixed(1)} ×`
  process.stdout.write(`${what.padEnd(64)} ${took.toFixed(0).padStart(7)} ms${ratio}\n`)
}
