import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { instances } from '../../packages/server/src/directory/index.ts'
import { PathWatch } from '../../packages/server/src/gate/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { GraphThread } from '../../packages/server/src/services/omen/index.ts'
import { allow, policyText } from '../kit/index.ts'

const tools = (...Action: readonly string[]) => policyText(allow(Action))
const seed = {
  users: {
    dev: {},
    ann: { policies: ['ReadOnlyAccess'] },
    ops: { policies: ['AdministratorAccess'] },
  },
}

async function openedPaths(omen: RunningOmen) {
  const { events } = await omen.omen.deps.recorder.lookUp({
    account: parseAccountId(omen.account)!,
    attribute: { key: 'EventName', value: 'PathToAdministratorOpened' },
    limit: 50,
  })
  return events.map(({ json }) => JSON.parse(json))
}

describe('paths to an administrator in a running house', () => {
  test('a change that opens one is recorded, and said in one line; others are not', async () => {
    await using omen = await createOmen({ seed, port: false })
    const lines: string[] = []
    const watch = omen.omen.watchPaths({ refuse: false, tell: (line) => lines.push(line) })
    assert.ok(watch instanceof PathWatch)
    const iam = omen.client(IAMClient, omen.as('user/ops').credentials)
    await iam.send(new TagUserCommand({ UserName: 'dev', Tags: [{ Key: 'team', Value: 'web' }] }))
    await watch.settled()
    assert.deepEqual(lines, [])
    const put = { UserName: 'dev', PolicyName: 'tools', PolicyDocument: tools('iam:PutUserPolicy') }
    const { $metadata } = await iam.send(new PutUserPolicyCommand(put))
    await watch.settled()
    assert.deepEqual(lines, [
      `a path to an administrator has opened: user/dev → administrator: proven, 1 step; iam:PutUserPolicy by user/dev (tools of dev); after PutUserPolicy by arn:aws:iam::${omen.account}:user/ops`,
    ])
    const [event, ...others] = await openedPaths(omen)
    assert.deepEqual(others, [])
    assert.equal(event.eventType, 'AwsServiceEvent')
    assert.equal(event.eventSource, 'omen')
    assert.deepEqual(event.serviceEventDetails, {
      principal: `arn:aws:iam::${omen.account}:user/dev`,
      verdict: 'proven',
      steps: 2,
      changes: [
        {
          eventName: 'PutUserPolicy',
          requestID: $metadata.requestId,
          who: `arn:aws:iam::${omen.account}:user/ops`,
        },
      ],
    })
    // once it is known it is not recorded again; closed and opened again it is
    await iam.send(new TagUserCommand({ UserName: 'dev', Tags: [{ Key: 'team', Value: 'app' }] }))
    await watch.settled()
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'dev', PolicyName: 'tools' }))
    await watch.settled()
    assert.equal(lines.length, 1)
    await iam.send(new PutUserPolicyCommand(put))
    await watch.settled()
    assert.equal(lines.length, 2)
  })

  test('a house that closes records what the last change has opened, and looks at nothing later', async () => {
    await using omen = await createOmen({ seed, port: false })
    const lines: string[] = []
    const watch = omen.omen.watchPaths({
      refuse: false,
      tell: (line) => lines.push(line),
      limits: { lastLook: 120_000 },
    })
    const iam = omen.client(IAMClient, omen.as('user/ops').credentials)
    const put = (UserName: string) =>
      iam.send(
        new PutUserPolicyCommand({
          UserName,
          PolicyName: 'tools',
          PolicyDocument: tools('iam:PutUserPolicy'),
        }),
      )
    await put('dev')
    await watch.close()
    assert.equal(lines.length, 1)
    assert.equal((await openedPaths(omen)).length, 1)
    await put('ann')
    await watch.settled()
    assert.equal(lines.length, 1)
    await omen.close()
    const { recorder } = omen.omen.deps
    const { lost } = recorder
    recorder.add([{ id: 'late' } as never])
    assert.equal(recorder.waiting, 0)
    assert.equal(recorder.lost, lost + 1)
  })

  test('the first changes that come together are compared with the state before the first, which is read once', async () => {
    await using omen = await createOmen({ seed, port: false })
    const lines: string[] = []
    const watch = omen.omen.watchPaths({ refuse: false, tell: (line) => lines.push(line) })
    assert.ok(watch instanceof PathWatch)
    const iam = omen.client(IAMClient, omen.as('user/ops').credentials)
    const account = omen.omen.deps.directory.loaded(parseAccountId(omen.account)!)!
    const opens = { UserName: 'dev', PolicyName: 'tools', PolicyDocument: tools('iam:PutUserPolicy') }
    const tags = ['a', 'b', 'c', 'd'].map((Key) => ({ UserName: 'ann', Tags: [{ Key, Value: 'x' }] }))
    const reads = mock.method(account, 'table')
    await Promise.all([
      iam.send(new PutUserPolicyCommand(opens)),
      ...tags.map((input) => iam.send(new TagUserCommand(input))),
    ])
    const together = reads.mock.calls.filter((call) => call.arguments[0] === instances).length
    await watch.settled()
    assert.equal(lines.length, 1, lines.join())
    assert.ok(together < 1 + tags.length, `the tables were asked for ${together} times`)
  })

  test('such a change is refused if the house is told so, and nothing of it is kept; root may make it', async () => {
    await using omen = await createOmen({ seed, port: false, adminPaths: 'refuse' })
    const ops = omen.client(IAMClient, omen.as('user/ops').credentials)
    const put = { UserName: 'dev', PolicyName: 'tools', PolicyDocument: tools('iam:AttachUserPolicy') }
    await assert.rejects(ops.send(new PutUserPolicyCommand(put)), (error: Error) => {
      assert.equal(error.name, 'AccessDenied')
      assert.equal(
        error.message,
        'iam:PutUserPolicy would open a path to an administrator for user/dev. This server refuses such changes (--refuse-new-admin-paths), except from root of the account.',
      )
      return true
    })
    await assert.rejects(ops.send(new DeleteUserPolicyCommand({ UserName: 'dev', PolicyName: 'tools' })), {
      name: 'NoSuchEntityException',
    })
    const harmless = { ...put, PolicyDocument: tools('s3:GetObject') }
    await ops.send(new PutUserPolicyCommand(harmless))
    await ops.send(new CreateUserCommand({ UserName: 'new' }))
    // who is an administrator already opens none
    await ops.send(new PutUserPolicyCommand({ ...put, UserName: 'ops' }))
    const root = omen.client(IAMClient, 'root')
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await root.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn }))
    // what root has opened does not stop others
    await ops.send(new PutUserPolicyCommand({ ...harmless, UserName: 'new' }))
    await assert.rejects(ops.send(new AttachUserPolicyCommand({ UserName: 'new', PolicyArn })), {
      name: 'AccessDenied',
    })
  })

  test('a search that ends early is said, and a change of which nothing is known is refused', async () => {
    await using omen = await createOmen({ seed, port: false })
    const lines: string[] = []
    const limits = { steps: 1 }
    const told = omen.omen.watchPaths({ refuse: false, tell: (line) => lines.push(line), limits })
    const account = await omen.omen.deps.directory.find(parseAccountId(omen.account)!)
    const ops = omen.client(IAMClient, omen.as('user/ops').credentials)
    const put = { UserName: 'dev', PolicyName: 'tools', PolicyDocument: tools('iam:PutUserPolicy') }
    await ops.send(new PutUserPolicyCommand(put))
    await told.settled()
    const [line = '', ...others] = lines
    assert.deepEqual(others, [])
    assert.match(
      line,
      /^it is not known whether a path to an administrator has opened: the search ended after 1 step, and \d users and roles could not be searched to the end; after PutUserPolicy by /,
    )
    assert.ok(told.stateOf(account!).unknown > 0)
    omen.omen.watchPaths({ refuse: true, limits })
    await assert.rejects(ops.send(new PutUserPolicyCommand({ ...put, UserName: 'ann' })), {
      name: 'AccessDenied',
      message: /^iam:PutUserPolicy may open a path to an administrator: the search ended after 1 step/,
    })
    await omen.client(IAMClient, 'root').send(new PutUserPolicyCommand({ ...put, UserName: 'ann' }))
  })

  test('an account that is too large is not watched, and its state says so', async () => {
    await using omen = await createOmen({ seed, port: false })
    const lines: string[] = []
    const account = await omen.omen.deps.directory.find(parseAccountId(omen.account)!)
    const watch = omen.omen.watchPaths({
      refuse: true,
      tell: (line) => lines.push(line),
      limits: { principals: 2 },
    })
    const { watched, mostPrincipals, unknown, refuses } = watch.stateOf(account!)
    assert.deepEqual([watched, mostPrincipals, unknown, refuses], ['no', 2, 0, true])
    const ops = omen.client(IAMClient, omen.as('user/ops').credentials)
    await ops.send(new CreateUserCommand({ UserName: 'one' }))
    assert.match(lines[0] ?? '', /more than 2: its paths to an administrator are not watched$/)
    const large = omen.omen.watchPaths({ refuse: false })
    assert.equal(large.stateOf(account!).watched, 'yes')
  })

  test('an account is sent to the search in parts, also to a thread that begins with it', async (t) => {
    await using omen = await createOmen({ seed, port: false })
    const account = await omen.omen.deps.directory.find(parseAccountId(omen.account)!)
    const { mock: sent } = t.mock.method(Worker.prototype, 'postMessage', () => {})
    const thread = new GraphThread()
    let parts = 0
    for (const _ of thread.bring([account!], omen.omen.deps)) {
      assert.ok(sent.callCount() <= parts + 1, 'one part at a time')
      parts = sent.callCount()
    }
    thread.close()
    assert.ok(parts > 1)
  })
})
