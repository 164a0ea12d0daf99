import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { requestIdOf } from '../../packages/server/src/authorization/index.ts'
import type { ClientCredentials } from '../../packages/server/src/index.ts'
import { omen, type Served, serve, temporaryHome } from '../cli/process.ts'
import { allow } from '../wire/cloudtrail-house.ts'
import { details } from '../wire/iam-toolbox-client.ts'

type Refusal = Error & { readonly $metadata: { readonly requestId: string } }

describe('denials', () => {
  test('RSN-10 say the same after kill -9, whatever changed in the policies since', async (t) => {
    const home = temporaryHome(t)
    const first = await serve(home, [])
    t.after(() => first.stop('SIGKILL'))
    const worn = await wearer(first)
    const iam = clientOf(IAM, first, worn)
    const listing = await refusalOf(iam.listUsers({ PathPrefix: '/x/' }))
    const authorization = /authorization id: (\w{25})$/.exec(listing.message)![1]!
    assert.equal(requestIdOf(authorization), listing.$metadata.requestId)
    const ec2 = clientOf(EC2, first, worn)
    const running = await refusalOf(
      ec2.runInstances({ ImageId: 'ami-0abcdef1234567890', MinCount: 1, MaxCount: 1 }),
    )
    const encoded = /Encoded authorization failure message: ([\w-]+)$/.exec(running.message)![1]!
    iam.destroy()
    ec2.destroy()
    const event = await eventOf(first, 'ListUsers')
    const asked = [['--last'], [listing.$metadata.requestId], [authorization], [event], ['--decode', encoded]]
    const before = await told(home, first, asked, authorization, encoded)
    assert.match(before.why[0]!, /DENIED {2}ec2:RunInstances/)
    for (const text of before.why.slice(1, 4)) assert.match(text, /DENIED {2}iam:ListUsers/)
    assert.match(before.why[1]!, /session/)
    assert.equal(before.details.status, 200)
    assert.match(String(before.decoded), /"allowed":false/)
    const { id } = JSON.parse((await omen(['why', '--home', home, '--output', 'json'])).stdout) as {
      id: string
    }
    await first.stop('SIGKILL')

    const second = await serve(home, [])
    t.after(() => second.stop('SIGKILL'))
    assert.deepEqual(await told(home, second, asked, authorization, encoded), before)
    const byId = await omen(['why', id, '--home', home])
    assert.equal(byId.stdout, before.why[0])
    // the records hold the policies as they were
    const admin = clientOf(IAM, second)
    await admin.putRolePolicy({
      RoleName: 'worn',
      PolicyName: 'p',
      PolicyDocument: allow({ Action: '*', Resource: '*' }),
    })
    admin.destroy()
    assert.deepEqual((await omen(['why', authorization, '--home', home])).stdout, before.why[2])
    await second.stop('SIGTERM')

    const third = await serve(home, [])
    t.after(() => third.stop('SIGTERM'))
    assert.deepEqual(await told(home, third, asked, authorization, encoded), before)
  })
})

/** What every endpoint says about the denials. */
async function told(
  home: string,
  served: Served,
  asked: readonly (readonly string[])[],
  authorization: string,
  encoded: string,
) {
  const why: string[] = []
  for (const args of asked) {
    const { status, stdout, stderr } = await omen(['why', ...args, '--home', home])
    assert.ok(stdout !== '', `${args}: ${status} ${stderr}`)
    why.push(stdout)
  }
  const sts = clientOf(STS, served)
  const { DecodedMessage: decoded } = await sts.decodeAuthorizationMessage({ EncodedMessage: encoded })
  sts.destroy()
  return {
    why,
    decoded,
    details: await details({ endpoint: served.url }, served.keys.admin, authorization),
  }
}

/** A session of a role with an inline, a managed and a session policy, and tags. */
async function wearer(served: Served): Promise<ClientCredentials> {
  const iam = clientOf(IAM, served)
  const sts = clientOf(STS, served)
  const trust = allow({
    Principal: { AWS: '123456789012' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  })
  const { Role: role } = await iam.createRole({ RoleName: 'worn', AssumeRolePolicyDocument: trust })
  await iam.putRolePolicy({
    RoleName: 'worn',
    PolicyName: 'p',
    PolicyDocument: allow({ Action: 'ec2:Describe*', Resource: '*' }),
  })
  await iam.attachRolePolicy({ RoleName: 'worn', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })
  const { Credentials: session } = await sts.assumeRole({
    RoleArn: role!.Arn!,
    RoleSessionName: 'restart',
    Policy: allow({
      Action: 'ec2:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'b' } },
    }),
    Tags: [{ Key: 'team', Value: 'a' }],
  })
  iam.destroy()
  sts.destroy()
  return {
    accessKeyId: session!.AccessKeyId!,
    secretAccessKey: session!.SecretAccessKey!,
    sessionToken: session!.SessionToken!,
  }
}

async function eventOf(served: Served, AttributeValue: string): Promise<string> {
  const cloudtrail = clientOf(CloudTrail, served)
  const { Events: [event] = [] } = await cloudtrail.lookupEvents({
    LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }],
  })
  cloudtrail.destroy()
  return event!.EventId!
}

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const refused = await call.then(
    () => undefined,
    (error: unknown) => error as Refusal,
  )
  assert.ok(refused !== undefined, 'it was allowed')
  return refused
}

function clientOf<C>(
  Client: new (options: object) => C,
  served: Served,
  credentials: ClientCredentials = served.keys.admin,
): C {
  return new Client({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 })
}
