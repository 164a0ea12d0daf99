import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Organizations } from '@aws-sdk/client-organizations'
import { Secret, ShiftedClock } from '../../packages/server/src/base/index.ts'
import type { OmenParts } from '../../packages/server/src/gate/index.ts'
import type { ClientCredentials } from '../../packages/server/src/testing/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { until } from '../store/fixture.ts'
import { account, type Node, openNodes } from './twins.ts'

/** Asks Omen's own API, signed with a key. */
async function own(
  { omen }: Node,
  method: 'GET' | 'POST',
  rawPath: string,
  body: string,
  as: ClientCredentials,
) {
  const { accessKeyId, secretAccessKey, sessionToken } = as
  const head = { method, rawPath, rawQuery: '', headers: { host: 'localhost' }, body: Buffer.from(body) }
  const signer = {
    accessKeyId,
    secret: new Secret(secretAccessKey),
    region: 'us-east-1',
    service: 'omen',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
  const headers = { ...head.headers, ...signedHeaders(head, signer, omen.deps.clock.now()) }
  const answer = await omen.answer({ ...head, headers, rawHeaders: [], remoteAddress: '127.0.0.1' } as never)
  return { status: answer.status, text: String(answer.body), body: JSON.parse(String(answer.body)) }
}

/** Asks the API of the graph. */
function ask(node: Node, path: string, input: object, as: 'admin' | 'root' = 'admin') {
  return own(node, 'POST', `/_omen/graph/${path}`, JSON.stringify(input), node.omen.firstKeys[as])
}

describe('what nodes remember of an account', () => {
  test('a graph of a change that the store refused is not the answer, though the account has that revision again', async () => {
    let delay = 0
    await using open = await nodesOf([() => delay, () => 0])
    const [slow, fast] = open.nodes
    await slow!.iam().listUsers({})
    const edge = { from: 'user/same', to: 'administrator' }
    await ask(slow!, 'edge', edge)
    delay = 150
    const refused = slow!.iam().createUser({ UserName: 'same', Path: '/refused/' })
    await sleep(20)
    // it is asked while the change is on its way, and waits for it
    const asked = ask(slow!, 'edge', edge)
    await sleep(20)
    await fast!.iam().createUser({ UserName: 'same', Path: '/kept/' })
    await assert.rejects(refused, { name: 'EntityAlreadyExistsException' })
    delay = 0
    for (const { text, status } of [await asked, await ask(slow!, 'edge', edge)]) {
      assert.equal(status, 200, text)
      assert.doesNotMatch(text, /\/refused\//)
      assert.match(text, /\/kept\//)
    }
  })

  test('the next page comes from any node, also of an account in an organization', async () => {
    await using open = await nodesOf([() => 0, () => 0])
    const [one, other] = open.nodes
    const organizations = one!.client(Organizations)
    await organizations.createOrganization({})
    const { CreateAccountStatus } = await organizations.createAccount({
      AccountName: 'member',
      Email: 'member@example.com',
    })
    const CreateAccountRequestId = CreateAccountStatus!.Id!
    const made = await organizations.describeCreateAccountStatus({ CreateAccountRequestId })
    const { AccountId } = made.CreateAccountStatus!
    const RoleArn = `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`
    const { Credentials } = await one!.sts().assumeRole({ RoleArn, RoleSessionName: 'setup' })
    const iam = one!.iam({
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    })
    for (const UserName of ['a', 'b', 'c']) {
      await iam.createUser({ UserName })
      await iam.attachUserPolicy({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
    }
    const page = { accountId: AccountId, who: 'administrator', direction: 'to', maxResults: 1 }
    const first = await ask(one!, 'reach', page, 'root')
    assert.ok(first.body.nextToken, first.text)
    const second = await ask(other!, 'reach', { ...page, nextToken: first.body.nextToken }, 'root')
    assert.equal(second.status, 200, second.text)
    assert.notDeepEqual(second.body.reached, first.body.reached)
  })

  test('nodes that have not heard of a new session key admit the sessions of a node that has', async () => {
    const clock = new ShiftedClock()
    await using open = await nodesOf([() => 0, () => 0, () => 0], { clock })
    const [one, other, third] = open.nodes
    await other!.sts().getCallerIdentity({})
    await one!.omen.deps.keyRing.rotate(clock.now())
    clock.shift = 130_000
    await one!.omen.deps.keyRing.refresh(clock.now())
    const { Credentials } = await one!.sts().getSessionToken({})
    const session = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    }
    const calls = [1, 2, 3].map(() => other!.sts(session).getCallerIdentity({}))
    for (const { Arn } of await Promise.all(calls)) assert.match(Arn ?? '', /user\/admin$/)
    await assert.rejects(other!.sts({ ...session, sessionToken: 'x' }).getCallerIdentity({}))
    // Omen's own API looks at signatures itself
    const { status, text } = await own(third!, 'GET', '/_omen/whoami', '', session)
    assert.equal(status, 200, text)
  })

  test('an event for a function that such a node takes is not dropped', async () => {
    const clock = new ShiftedClock()
    const complaints: string[] = []
    const complain = (error: unknown) => complaints.push(String(error))
    await using open = await nodesOf([() => 0, () => 0], { clock, complain })
    const [one, other] = open.nodes
    const { keyRing, directory } = one!.omen.deps
    await keyRing.rotate(clock.now())
    clock.shift = 130_000
    await keyRing.refresh(clock.now())
    // the function is gone: then there is nothing to run
    const event = { id: 'w', account, name: 'gone', event: '{}', at: clock.now(), errors: 0, refusals: 0 }
    const value = keyRing.vault.sealText('lambda-invocation', JSON.stringify(event))
    await directory.store.works.add({ id: 'w', value }, 0)
    other!.omen.servesAt({ url: 'http://localhost', adopt: () => {} } as never)
    await until(() => directory.store.works.isEmpty())
    assert.deepEqual(complaints, [])
  })

  test('all nodes publish the same keys of the outbound issuer, also after one has emptied the store', async () => {
    await using open = await nodesOf([() => 0, () => 0])
    const keysAt = async ({ omen }: Node) => {
      const rawPath = `/oidc/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}/.well-known/jwks.json`
      const request = { method: 'GET', rawPath, rawQuery: '', headers: { host: 'localhost' } }
      const { body } = await omen.answer({ ...request, rawHeaders: [], body: Buffer.alloc(0) } as never)
      return JSON.parse(String(body)) as { keys: readonly object[] }
    }
    const before = await Promise.all(open.nodes.map(keysAt))
    assert.equal(before[0]!.keys.length, 2)
    assert.deepEqual(before[0], before[1])
    await open.nodes[0]!.omen.reset()
    const after = [await keysAt(open.nodes[1]!), await keysAt(open.nodes[0]!)]
    assert.deepEqual(after[0], after[1])
    assert.notDeepEqual(after[0], before[0])
  })
})

async function nodesOf(delays: readonly (() => number)[], more: Partial<OmenParts> = {}) {
  const open = await openNodes(
    delays.map((delay) => ({ delay })),
    more,
  )
  return { nodes: open.nodes, [Symbol.asyncDispose]: () => open.close() }
}
