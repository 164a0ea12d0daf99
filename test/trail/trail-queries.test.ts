import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { readText } from '../house/files.ts'
import { allow, policyText, trustPolicy } from '../kit/index.ts'
import { openDeliveringServer } from './delivery-house.ts'

const text = readText('docs/trail-queries.md')

/** The queries of the documentation for one engine, by the number of their question; the table is number 0. */
function queriesFor(engine: string): ReadonlyMap<number, string> {
  const queries = new Map<number, string>()
  for (const section of text.split(/^## /m).slice(1)) {
    const found = new RegExp(`\`\`\`sql ${engine}\\n([^]*?)\`\`\``).exec(section)
    if (found !== null) queries.set(Number(/^(\d+)\./.exec(section)?.[1] ?? 0), found[1] ?? '')
  }
  return queries
}

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const admin = 'arn:aws:iam::123456789012:user/admin'

describe('questions to the trail', () => {
  test('each has a query for Athena', () => {
    const questions = [...queriesFor('duckdb').keys()].filter((number) => number > 0)
    assert.deepEqual(questions, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert.deepEqual([...queriesFor('athena').keys()], questions)
  })

  test('DuckDB answers all of them from files that Omen delivered', async () => {
    await using server = await openDeliveringServer()
    await server.trail('all', { IsMultiRegionTrail: true })
    const { omen } = server
    const iam = omen.client(IAM, 'admin')
    const trust = trustPolicy({ AWS: 'arn:aws:iam::123456789012:root' })
    const PolicyDocument = policyText(allow('sts:AssumeRole'))
    for (const RoleName of ['deployer', 'auditor'])
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust })
    await iam.putRolePolicy({ RoleName: 'deployer', PolicyName: 'chain', PolicyDocument })
    await iam.createUser({ UserName: 'dev' })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'dev' })
    await omen.client(IAM, 'root').listUsers({})
    const worn = await omen
      .client(STS, 'admin')
      .assumeRole({ RoleArn: role('deployer'), RoleSessionName: 'work' })
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = worn.Credentials ?? {}
    const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
    await omen.client(STS, session).assumeRole({ RoleArn: role('auditor'), RoleSessionName: 'work' })
    const dev = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    await assert.rejects(omen.client(IAM, dev).listRoles({}), { name: 'AccessDenied' })
    await server.deliver()

    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const queries = queriesFor('duckdb')
    await connection.run((queries.get(0) ?? '').replace('FOLDER', server.root))
    const ask = (number: number) => rows(connection, queries.get(number) ?? '')
    assert.deepEqual(
      (await ask(1)).map(({ caller, became, times }) => [caller, became, Number(times)]),
      [
        ['arn:aws:sts::123456789012:assumed-role/deployer/work', role('auditor'), 1],
        [admin, role('deployer'), 1],
      ],
    )
    assert.deepEqual(
      (await ask(2)).map(({ from_role, to_role }) => [from_role, to_role]),
      [[role('deployer'), role('auditor')]],
    )
    assert.deepEqual(
      (await ask(3)).map(({ reason, name, callers }) => [reason, name, Number(callers)]),
      [['no identity-based policy allows the iam:ListRoles action', 'ListRoles', 1]],
    )
    assert.deepEqual(
      (await ask(4)).map((row) => [row.role, row.service]),
      [[role('deployer'), 'sts.amazonaws.com']],
    )
    const keys = await ask(5)
    assert.deepEqual(keys.find((row) => row.access_key === dev.accessKeyId)?.services, ['iam.amazonaws.com'])
    assert.deepEqual(
      (await ask(6)).map(({ name, on_what, policy }) => [name, on_what, policy]),
      [['PutRolePolicy', 'deployer', 'chain']],
    )
    assert.deepEqual(
      (await ask(7)).map(({ caller, for_user, new_key }) => [caller, for_user, new_key]),
      [[admin, 'dev', dev.accessKeyId]],
    )
    assert.deepEqual(
      (await ask(8)).map(({ name }) => name),
      ['ListUsers'],
    )
    const [changer] = await ask(9)
    assert.equal(changer?.caller, admin)
    const [failing] = await ask(10)
    assert.deepEqual([failing?.caller, failing?.percent], ['arn:aws:iam::123456789012:user/dev', 100])
    connection.closeSync()
    instance.closeSync()
  })
})

/** Values of DuckDB as JSON has them. */
async function rows(
  connection: DuckDBConnection,
  query: string,
): Promise<readonly Record<string, unknown>[]> {
  return (await connection.runAndReadAll(query)).getRowObjectsJson()
}
