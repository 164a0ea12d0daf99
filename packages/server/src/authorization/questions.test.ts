import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AccountId } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import type { AccessRequest } from './access.ts'
import { askedOf } from './asked.ts'
import type { Call } from './call.ts'
import { services } from './catalogue/index.ts'
import type { Dependencies } from './dependencies.ts'
import { hypotheticalSession } from './hypothetical.ts'
import { listDenials } from './recall.ts'
import { further, isServicePrincipal } from './service-principals.ts'

describe('questions of a call', () => {
  it('that need no permission are not kept, nor is anything of the caller for them (TRL-89)', () => {
    const exempt: AccessRequest = { action: 'sts:GetCallerIdentity', resource: '*', exempt: true }
    // nothing of the call is read
    assert.deepEqual(askedOf([exempt], {} as unknown as Call), { asked: [] })
    assert.deepEqual(askedOf([], {} as unknown as Call), { asked: [] })
  })
})

describe('hypothetical sessions', () => {
  it('begin with a user, or with the role before them', () => {
    const role = { id: 'AROA', name: 'Dev', path: '/p/', trust: '{}' }
    const account = {
      id: '111122223333' as AccountId,
      partition: 'aws',
      table: () => ({ findBy: (_: string, name: string) => (name === 'dev' ? role : undefined) }),
    } as unknown as Account
    const origin = (chain?: readonly string[]) =>
      hypotheticalSession(account, 'DEV', 's', 1_000, chain)?.session.origin
    assert.deepEqual([origin(), origin(['a']), origin(['a', 'b'])], ['user', 'user', 'role'])
    const made = hypotheticalSession(account, 'dev', 's', 1_000, ['a'])
    assert.equal(made?.roleArn, 'arn:aws:iam::111122223333:role/p/Dev')
    assert.equal(made?.arn, 'arn:aws:sts::111122223333:assumed-role/Dev/s')
    assert.deepEqual([made?.session.issuedAt, made?.session.expiresAt], [1_000, 3_601_000])
    assert.equal(hypotheticalSession(account, 'other', 's', 1_000), undefined)
  })
})

describe('denials', () => {
  it('are listed newest first, those being written among those in the store, each once', async () => {
    const stored = (id: string, time: number) => ({
      id,
      time,
      requestId: id,
      account: '1',
      action: 'a',
      resource: 'r',
    })
    const writing = (id: string, now: number) => ({
      id,
      call: { id, now, account: { id: '1' } },
      judged: [judged],
    })
    const judged = { request: { action: 'a', resource: 'r' } }
    const deps = {
      decisions: { denials: () => [writing('d-1', 1), writing('d-4', 4)] },
      directory: {
        store: {
          denials: async () => [
            stored('d-3', 3),
            { ...stored('d-4', 4), requestId: 'late' },
            stored('d-2', 2),
          ],
        },
      },
    } as unknown as Dependencies
    const ids = async (limit: number) => (await listDenials(limit, deps)).map(({ id }) => id)
    assert.deepEqual(await ids(9), ['d-4', 'd-3', 'd-2', 'd-1'])
    assert.deepEqual(await ids(2), ['d-4', 'd-3'])
    const [first, , , last] = await listDenials(9, deps)
    assert.deepEqual([first, last], [stored('d-4', 4), stored('d-1', 1)])
  })
})

describe('service principals (IAM-61)', () => {
  it('have the name of a service among their labels, or one of those that the reference lacks', () => {
    for (const name of ['lambda', 'eu-west-1.lambda', 'delivery.logs', ...further])
      for (const domain of ['amazonaws.com', 'amazonaws.com.cn', 'aws.internal'])
        assert.ok(isServicePrincipal(`${name}.${domain}`), name)
    for (const name of ['clientvpn.amazonaws.com', 'EMRWAL.amazonaws.com'])
      assert.ok(isServicePrincipal(name))
    for (const name of [
      'clientvpn.aws.internal',
      'lambada.amazonaws.com',
      'lambda',
      'lambda.example.com',
      'amazonaws.com',
      'xlambda-.amazonaws.com',
    ])
      assert.ok(!isServicePrincipal(name), name)
  })

  it('beyond the reference are listed in order, each once, and in none of its services', () => {
    for (const name of further) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    assert.deepEqual([...new Set(further)].toSorted(), [...further])
    assert.deepEqual(
      further.filter((name) => services().has(name)),
      [],
    )
  })
})
