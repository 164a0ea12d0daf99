import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Postgres } from '../../test/support/index.ts'
import { ask, runScript, signed, signedRequest } from './house.ts'
import { dumpOf } from './import.ts'
import { line, quantile, type Subject, startDatabase, startSubject } from './nodes-house.ts'
import { trustAccount } from './wire.ts'

/** Accounts of a thousand roles each. `BENCH_ACCOUNTS=1000` makes a million roles. */
const accounts = Number(process.env.BENCH_ACCOUNTS ?? 100)
const roles = 1_000
const clients = 8
/** So little that a call to the account used longest ago always finds it gone. */
const memory = process.env.BENCH_MEMORY ?? '16MB'
const template = 200_000_000_000

/** Many roles in many accounts of one database: calls to accounts that are not in memory, and what memory they take. */
export async function manyRoles(): Promise<void> {
  await using postgres = await startDatabase()
  const house = await startSubject(postgres.url(), '--memory-for-accounts', memory)
  try {
    await importTemplate(house)
    copyTemplate(postgres)
    const idle = house.residentMegabytes()
    const requests: Buffer[] = []
    for (let index = 0; index < accounts; index++)
      requests.push(await requestIn(house, String(template + index)))
    await timeCalls(house, requests, 1)
    await timeCalls(house, requests, clients)
    line(
      `memory, ${(accounts * roles).toLocaleString('en')} roles, ${memory} for accounts`,
      `${house.residentMegabytes()} MB, ${idle} MB before the calls`,
    )
  } finally {
    await house.end()
  }
}

/** Each account in turn, by a number of clients. */
async function timeCalls(house: Subject, requests: readonly Buffer[], together: number): Promise<void> {
  const times: number[] = []
  const lane = async (first: number) => {
    for (let index = first; index < requests.length; index += together) {
      const began = performance.now()
      await ask(house.port, requests[index]!)
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: together }, (_, first) => lane(first)))
  line(
    `GetRole in ${accounts} accounts, none in memory, ${together} at once`,
    `p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms (wanted: 30, one at once)`,
  )
}

/** Imports one account, which has a role that the first account may assume. */
async function importTemplate(house: Subject): Promise<void> {
  const folder = join(house.home, 'dump')
  mkdirSync(folder)
  const dump = JSON.parse(dumpOf(String(template), roles - 1, 0, 0)) // a dump of our own
  dump.RoleDetailList.push({
    ...dump.RoleDetailList[0],
    RoleName: 'bench',
    RoleId: 'AROAZZZZZZZZZZZZZZZZZ',
    Arn: `arn:aws:iam::${template}:role/bench`,
    AssumeRolePolicyDocument: JSON.parse(trustAccount),
    RolePolicyList: [
      {
        PolicyName: 'all',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        },
      },
    ],
  })
  writeFileSync(join(folder, 'details.json'), JSON.stringify(dump))
  const [code] = await once(
    runScript('../../packages/server/bin/omen.mjs', 'import', folder, '--home', house.home),
    'exit',
  )
  if (code !== 0) throw new Error('omen import failed')
}

/** Copies it in the database: a million roles would take an import some minutes. */
function copyTemplate(postgres: Postgres): void {
  const others = `generate_series(${template + 1}::bigint, ${template + accounts - 1}::bigint) AS n`
  postgres.sql(`
    INSERT INTO omen.items SELECT n, kind, id, replace(value, '${template}', n::text)
      FROM omen.items, ${others} WHERE account = ${template};
    INSERT INTO omen.accounts SELECT n, revision, gen_random_uuid(), born + 1 FROM omen.accounts, ${others} WHERE id = ${template};
    ANALYZE omen.items; ANALYZE omen.accounts`)
}

/** A GetRole request of a session in an account. */
async function requestIn(house: Subject, account: string): Promise<Buffer> {
  const answer = await ask(
    house.port,
    signedRequest(house.port, house.keys.admin, 'sts', {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: `arn:aws:iam::${account}:role/bench`,
      RoleSessionName: 'bench',
    }),
  )
  const of = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1] ?? ''
  const key = { accessKeyId: of('AccessKeyId'), secretAccessKey: of('SecretAccessKey') }
  const body = Buffer.from(
    new URLSearchParams({ Action: 'GetRole', Version: '2010-05-08', RoleName: 'role-77' }).toString(),
  )
  const { headers } = signed(
    {
      service: 'iam',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-amz-security-token': of('SessionToken'),
      },
      body,
    },
    house.port,
    key,
    0,
  )
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body])
}
