import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { awsCli, needs, python } from '../support/index.ts'
import { allow } from './iam/house.ts'
import { account, arn, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
after(server.close)
const { omen } = server
const target = { endpoint: omen.endpoint, credentials: omen.clientConfig('admin').credentials }

for (const [name, trusted] of [
  ['one', 'user/admin'],
  ['two', 'role/one'],
  ['three', 'role/two'],
] as const) {
  const condition = name === 'three' ? { StringEquals: { 'sts:ExternalId': 'told' } } : undefined
  await server.role(
    name,
    trusting({ AWS: arn(trusted) }, 'sts:AssumeRole', condition),
    allow('iam:ListUsers'),
  )
}

describe('clients that assume roles by themselves', () => {
  test('AWS CLI profiles, three deep, with an external id and a duration', needs('awsCli'), async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omen-profiles-'))
    after(() => rmSync(folder, { recursive: true }))
    const config = join(folder, 'config')
    const profile = (name: string, lines: readonly string[]) => [`[profile ${name}]`, ...lines, ''].join('\n')
    writeFileSync(
      config,
      [
        profile('admin', [
          `aws_access_key_id = ${target.credentials.accessKeyId}`,
          `aws_secret_access_key = ${target.credentials.secretAccessKey}`,
        ]),
        profile('one', [
          `role_arn = ${arn('role/one')}`,
          'source_profile = admin',
          'role_session_name = first',
        ]),
        profile('two', [`role_arn = ${arn('role/two')}`, 'source_profile = one', 'duration_seconds = 900']),
        profile('three', [
          `role_arn = ${arn('role/three')}`,
          'source_profile = two',
          'external_id = told',
          'role_session_name = third',
        ]),
      ].join('\n'),
    )
    const here = { endpoint: omen.endpoint, environment: { AWS_CONFIG_FILE: config, HOME: folder } } // the CLI keeps sessions in HOME
    const { stdout, stderr } = await awsCli(here, 'sts', 'get-caller-identity', '--profile', 'three')
    assert.match(stdout, /assumed-role\/three\/third"/, stderr)
    assert.equal(JSON.parse(stdout).Account, account)
  })

  test('boto3 renews its credentials when they have expired (the clock moved)', needs('boto3'), async () => {
    // the program has the server's clock moved, moves its own, and asks again
    const mover = createServer((_request, response) => {
      omen.clock.advance(4_000_000)
      response.end()
    })
    await new Promise<void>((resolve) => mover.listen(0, '127.0.0.1', resolve))
    const program = `
import datetime, sys, urllib.request
moved = datetime.timedelta()
class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return super().now(tz) + moved
    @classmethod
    def utcnow(cls): return super().utcnow() + moved
datetime.datetime = Moved
import boto3, botocore.session
from botocore.credentials import RefreshableCredentials
sts = boto3.client('sts')
keys = []
def refresh():
    c = sts.assume_role(RoleArn=sys.argv[1], RoleSessionName='boto', DurationSeconds=3600)['Credentials']
    keys.append(c['AccessKeyId'])
    return dict(access_key=c['AccessKeyId'], secret_key=c['SecretAccessKey'], token=c['SessionToken'], expiry_time=c['Expiration'].isoformat())
session = botocore.session.get_session()
session._credentials = RefreshableCredentials.create_from_metadata(metadata=refresh(), refresh_using=refresh, method='test')
client = boto3.Session(botocore_session=session).client('sts')
print(client.get_caller_identity()['Arn'])
urllib.request.urlopen(sys.argv[2]).read()
moved = datetime.timedelta(seconds=4000)
print(client.get_caller_identity()['Arn'], len(set(keys)))
`
    const { port } = mover.address() as AddressInfo
    const { stdout, stderr } = await python(target, program, arn('role/one'), `http://127.0.0.1:${port}`)
    omen.clock.advance(-4_000_000)
    mover.close()
    const session = `arn:aws:sts::${account}:assumed-role/one/boto`
    assert.equal(stdout, `${session}\n${session} 2\n`, stderr)
  })

  test('the SDK for JavaScript, by fromTemporaryCredentials, in a chain', async () => {
    const master = fromTemporaryCredentials({
      masterCredentials: target.credentials,
      params: { RoleArn: arn('role/one'), RoleSessionName: 'first' },
      clientConfig: { endpoint: omen.endpoint, region: 'us-east-1' },
    })
    const credentials = fromTemporaryCredentials({
      masterCredentials: master,
      params: { RoleArn: arn('role/two'), RoleSessionName: 'second' },
      clientConfig: { endpoint: omen.endpoint, region: 'us-east-1' },
    })
    const sts = new STS({ endpoint: omen.endpoint, region: 'us-east-1', credentials })
    assert.match((await sts.getCallerIdentity({})).Arn ?? '', /assumed-role\/two\/second$/)
    sts.destroy()
  })
})
