import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, type BenchedServer, newHome, signedRequest, startServer } from './house.ts'
import { load } from './load.ts'
import { compare, trustAccount } from './wire.ts'

const roles = 5_000
const users = 5_000
const policies = 1_500
const writers = 16
const lists = ['ListRoles', 'ListUsers', 'ListPolicies', 'GetAccountAuthorizationDetails']
const writeMilliseconds = 4_000

const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: 'arn:aws:s3:::bench/*' },
  ],
})

/** A large account: how fast it is written, read and loaded, and what it takes of memory. */
export async function bench(): Promise<void> {
  const { home, remove } = newHome()
  const quotas = join(home, 'quotas.json')
  writeFileSync(quotas, JSON.stringify({ RolesPerAccount: 1_000_000, UsersPerAccount: 1_000_000 }))
  try {
    const server = await startServer(home, '--quotas', quotas)
    await fill(server, 'CreateUser', users, (i) => ({ UserName: `user-${i}` }))
    await fill(server, 'CreatePolicy', policies, (i) => ({
      PolicyName: `policy-${i}`,
      PolicyDocument: document,
    }))
    await fill(server, 'CreateRole', roles, (i) => ({
      RoleName: `role-${i}`,
      AssumeRolePolicyDocument: trustAccount,
    }))
    await compare(call('GetRole', { RoleName: 'role-77' }), server.port, server.keys.admin)
    for (const list of lists) await compare(call(list, {}), server.port, server.keys.admin)
    await server.stop()
    const again = await startServer(home, '--quotas', quotas)
    const before = performance.now()
    await ask(again.port, request(again, 'GetRole', { RoleName: 'role-77' }, 0))
    process.stdout.write(
      `loads                  ${roles} roles, ${users} users, ${policies} policies: ${again.startMilliseconds.toFixed(0)} ms to the first answer, ${(performance.now() - before).toFixed(0)} ms more to the first GetRole\n`,
    )
    process.stdout.write(`memory                 ${again.residentMegabytes()} MB\n`)
    for (const action of lists) await readAll(again, action)
    process.stdout.write(`memory, all listed     ${again.residentMegabytes()} MB\n`)
    await writeRate(again)
    await again.stop()
  } finally {
    remove()
  }
}

/** Durable CreateRole, as fast as sixteen clients can. */
async function writeRate(server: BenchedServer): Promise<void> {
  const requests = Array.from({ length: 60_000 }, (_, i) =>
    request(server, 'CreateRole', { RoleName: `written-${i}`, AssumeRolePolicyDocument: trustAccount }, i),
  )
  const { rate, failures, p99 } = await load(server.port, requests, writers, writeMilliseconds)
  process.stdout.write(
    `CreateRole, durable    ${Math.round(rate)}/s with ${writers} clients (p99 ${p99.toFixed(1)} ms, ${failures} failures); wanted: 2,000\n`,
  )
}

/** Every page of a list, so that all that lists keep of it is kept. */
async function readAll(server: BenchedServer, action: string): Promise<void> {
  let marker: string | undefined
  let pages = 0
  do {
    const parameters = { MaxItems: '1000', ...(marker === undefined ? {} : { Marker: marker }) }
    const answer = await ask(server.port, request(server, action, parameters, pages++))
    marker = /<Marker>([^<]*)<\/Marker>/.exec(answer)?.[1]
  } while (marker !== undefined)
}

async function fill(
  server: BenchedServer,
  action: string,
  count: number,
  parameters: (i: number) => Readonly<Record<string, string>>,
): Promise<void> {
  const lane = async (from: number) => {
    for (let i = from; i < count; i += writers)
      await ask(server.port, request(server, action, parameters(i), i))
  }
  await Promise.all(Array.from({ length: writers }, (_, from) => lane(from)))
}

function request(
  server: BenchedServer,
  action: string,
  parameters: Readonly<Record<string, string>>,
  variant: number,
): Buffer {
  return signedRequest(
    server.port,
    server.keys.admin,
    'iam',
    { Action: action, Version: '2010-05-08', ...parameters },
    variant,
  )
}

function call(name: string, parameters: Readonly<Record<string, string>>) {
  return { name, service: 'iam', parameters: { Action: name, Version: '2010-05-08', ...parameters } }
}
