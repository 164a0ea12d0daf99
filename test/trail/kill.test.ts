import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM, paginateListUsers } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { omen, type Served, serve, temporaryHome } from '../cli/process.ts'
import { allow } from '../wire/cloudtrail-house.ts'

const writers = 3
/** So much of each kind is acknowledged before the process dies, however slow the machine is. */
const enough = 25
/** Milliseconds in which that must happen. */
const patience = 60_000

/** What was acknowledged before the process died, by the request id of the answer. */
interface Acknowledged {
  readonly users: Map<string, string>
  readonly sessions: Map<string, string>
  readonly denials: Set<string>
}

describe('kill -9', () => {
  test('loses no acknowledged write, session or denial, nor its event (TRL-50)', async (t) => {
    const home = temporaryHome(t)
    const first = await serve(home)
    const acknowledged: Acknowledged = { users: new Map(), sessions: new Map(), denials: new Set() }
    const { RoleArn, weak } = await prepare(first)
    let stopped = false
    const streams = Array.from({ length: writers }, (_, n) =>
      Promise.all([
        streamUsers(first, n, acknowledged, () => stopped),
        streamSessions(first, RoleArn, acknowledged, () => stopped),
        streamDenials(first, weak, acknowledged, () => stopped),
      ]),
    )
    const least = () => Math.min(...Object.values(acknowledged).map(({ size }) => size))
    const until = performance.now() + patience
    while (least() < enough && performance.now() < until) await sleep(10)
    await first.stop('SIGKILL')
    stopped = true
    await Promise.all(streams)
    t.diagnostic(
      `${acknowledged.users.size} users, ${acknowledged.sessions.size} sessions, ${acknowledged.denials.size} denials`,
    )
    assert.ok(least() >= enough)

    const second = await serve(home)
    t.after(() => second.stop('SIGTERM'))
    const iam = clientOf(IAM, second)
    const names = new Set<string>()
    for await (const page of paginateListUsers({ client: iam, pageSize: 1_000 }, {}))
      for (const { UserName: name } of page.Users ?? []) names.add(name!)
    const lost = [...acknowledged.users.values()].filter((name) => !names.has(name))
    assert.deepEqual(lost, [])
    iam.destroy()

    const events = await eventsBy(second, ['CreateUser', 'AssumeRole', 'ListGroups'])
    for (const [request, name] of acknowledged.users)
      assert.deepEqual(events.get(request)?.requestParameters, { userName: name })
    for (const [request, key] of acknowledged.sessions) {
      const elements = events.get(request)?.responseElements as
        | { credentials: { accessKeyId: string } }
        | undefined
      assert.equal(elements?.credentials.accessKeyId, key)
    }
    for (const request of acknowledged.denials) assert.equal(events.get(request)?.errorCode, 'AccessDenied')
    // and the reason is there with the event (RSN-10)
    for (const request of [...acknowledged.denials].slice(-3)) {
      const { stdout } = await omen(['why', request, '--home', home])
      assert.match(stdout, /DENIED {2}iam:ListGroups/)
    }
  })
})

function clientOf<C>(
  Client: new (options: object) => C,
  served: Served,
  credentials: { accessKeyId: string; secretAccessKey: string } = served.keys.admin,
): C {
  return new Client({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 })
}

async function prepare(served: Served) {
  const iam = clientOf(IAM, served)
  const trust = allow({ Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' })
  const { Role: role } = await iam.createRole({ RoleName: 'worn', AssumeRolePolicyDocument: trust })
  await iam.createUser({ UserName: 'weak' })
  const { AccessKey: key } = await iam.createAccessKey({ UserName: 'weak' })
  iam.destroy()
  return {
    RoleArn: role!.Arn!,
    weak: { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! },
  }
}

async function streamUsers(served: Served, writer: number, { users }: Acknowledged, stopped: () => boolean) {
  const iam = clientOf(IAM, served)
  for (let n = 0; !stopped(); n++) {
    const UserName = `user-${writer}-${n}`
    try {
      const answer = await iam.createUser({ UserName })
      users.set(answer.$metadata.requestId!, UserName)
    } catch {
      break // the process is dead
    }
  }
  iam.destroy()
}

async function streamSessions(
  served: Served,
  RoleArn: string,
  { sessions }: Acknowledged,
  stopped: () => boolean,
) {
  const sts = clientOf(STS, served)
  while (!stopped()) {
    try {
      const answer = await sts.assumeRole({ RoleArn, RoleSessionName: 'stream' })
      sessions.set(answer.$metadata.requestId!, answer.Credentials!.AccessKeyId!)
    } catch {
      break
    }
  }
  sts.destroy()
}

interface Refusal {
  readonly name: string
  readonly $metadata: { readonly requestId: string }
}

async function streamDenials(
  served: Served,
  weak: { accessKeyId: string; secretAccessKey: string },
  { denials }: Acknowledged,
  stopped: () => boolean,
) {
  const iam = clientOf(IAM, served, weak)
  while (!stopped()) {
    const error = await iam.listGroups({}).catch((refusal: unknown) => refusal as Refusal)
    if (!('name' in error) || error.name !== 'AccessDenied') break
    denials.add(error.$metadata.requestId)
  }
  iam.destroy()
}

/** Events of these names by their request id. */
async function eventsBy(served: Served, names: readonly string[]) {
  const cloudtrail = clientOf(CloudTrail, served)
  const found = new Map<string, Record<string, unknown>>()
  for (const AttributeValue of names) {
    let NextToken: string | undefined
    do {
      const page = await cloudtrail.lookupEvents({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }],
        ...(NextToken === undefined ? {} : { NextToken }),
      })
      for (const { CloudTrailEvent: text } of page.Events ?? []) {
        const event = JSON.parse(text!) as Record<string, unknown>
        found.set(String(event.requestID), event)
      }
      NextToken = page.NextToken
    } while (NextToken !== undefined)
  }
  cloudtrail.destroy()
  return found
}
