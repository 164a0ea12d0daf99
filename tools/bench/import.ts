/** Figures of import and export on this machine, for reading, not for asserting: ratios against JSON.parse of the same run. */

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createOmen } from '../../packages/server/src/index.ts'
import {
  applyImage,
  authorizationDetails,
  compareImage,
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
  const { deps } = omen.omen
  const files = [{ name: 'dump.json', text }]
  const { result: image, took: read } = await measured(async () => readImage(files))
  line('the dump read into an image', read, parse)
  const { took: applied } = await measured(() => applyImage(image, deps))
  line('applied to a house: 5,000 roles, 5,000 users, 1,500 policies', applied, parse)
  line('read and applied', read + applied, parse)
  line('compared again: nothing changes', await timed(() => compareImage(image, deps)), parse)
  const exported = await measured(async () => {
    const account = await deps.directory.find(image.accounts[0]!.account)
    return JSON.stringify(authorizationDetails(imageOfAccount(account!, deps.directory)))
  })
  line(`exported as ${Math.round(exported.result.length / 1e6)} MB`, exported.took, parse)
}

/** A hundred accounts by `omen import` into a running server, two processes with a home on the disk. */
async function manyAccounts(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-import-'))
  try {
    const text = dumpOf('200000000000', 1_000, 0, 0)
    for (let index = 0; index < 100; index++) {
      const number = String(200_000_000_000 + index)
      mkdirSync(join(folder, 'dump', number), { recursive: true })
      writeFileSync(join(folder, 'dump', number, 'details.json'), text.replaceAll('200000000000', number))
    }
    const home = ['--home', join(folder, 'home')]
    const server = started('start', '--port', '0', ...home)
    while (!existsSync(join(folder, 'home', 'server.json'))) await sleep(50)
    const { result, took } = await measured(() => started('import', join(folder, 'dump'), ...home).ended)
    const most = server.memory()
    server.kill()
    await server.ended
    if (result.code !== 0) throw new Error('omen import failed')
    line('100 accounts of 1,000 roles (94 MB) by omen import', took)
    process.stdout.write(
      `  resident memory at most: ${result.memory} MB of the command, ${most} MB of the server\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const cli = fileURLToPath(new URL('../../packages/server/bin/omen.mjs', import.meta.url))

/** A command of its own, and the resident memory that it has had at most in MB, where the system says it. */
function started(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=@omen/source', cli, ...args], { stdio: 'ignore' })
  let most = 0
  const memory = () => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      most = Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000) || most
    } catch {
      // it has ended, or the system has no such file
    }
    return most
  }
  const watching = setInterval(memory, 50)
  const ended = new Promise<{ readonly code: number | null; readonly memory: number }>((resolve) =>
    child.on('close', (code) => {
      clearInterval(watching)
      resolve({ code, memory: most })
    }),
  )
  return { ended, memory, kill: () => child.kill() }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What get-account-authorization-details prints of an account of that size. */
export function dumpOf(account: string, roles: number, users: number, policies: number): string {
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
