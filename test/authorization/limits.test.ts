import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Budget, type CompiledSet, defaultSteps, type PolicySource } from '@omen-iam/policy'
import {
  type AccessRequest,
  askedOf,
  authorize,
  budgetFor,
  type Call,
  callerPolicies,
  callNow,
  contextOfEvent,
  DecisionLog,
  enforce,
  entitySources,
  type Judged,
  judge,
  principalOf,
  rcpLevels,
  refuses,
  resourceLayers,
  scpLevels,
  unknownKeyOf,
} from '../../packages/server/src/authorization/index.ts'
import { type AccountId, fault, type Mode, seededRandom } from '../../packages/server/src/base/index.ts'
import {
  organizationAccounts,
  organizations,
  type Role,
  roles,
  settings,
  users,
} from '../../packages/server/src/directory/index.ts'
import type { SignedCaller } from '../../packages/server/src/session/index.ts'
import type { Asked, StoredEvent } from '../../packages/server/src/store/index.ts'
import { allow, document, management, now, pay, world } from './accounts.ts'
import { callOf, denied, question } from './callers.ts'

test('policies are compiled once, and anew after a change', () => {
  const accounts = world()
  const { directory } = accounts.deps
  const account = accounts.account(pay)
  const of = (who: string): CompiledSet =>
    callerPolicies(callOf(who, 'iam:GetUser', accounts).caller as SignedCaller, account, directory)
  for (const who of ['root', 'alice', 'small']) assert.equal(of(who), of(who), who)
  const root = of('root')
  assert.notEqual(of('alice'), of('bob'))
  assert.equal(of('root'), root)
  // a session's own policies are one object, as they are in a call and the calls after it
  const session = callOf('work/inline', 'iam:GetUser', accounts).caller as SignedCaller
  const layers = () => callerPolicies(session, account, directory).session
  const before = layers()
  assert.equal(layers(), before)
  assert.deepEqual(
    callerPolicies(
      callOf('federated', 'iam:GetUser', accounts, { session: { policies: undefined } as never })
        .caller as SignedCaller,
      account,
      directory,
    ).session?.policies,
    [],
  )

  const first = of('alice')
  account.policyRevision++
  assert.notEqual(of('alice'), first)
  assert.notEqual(layers(), before)
  const second = of('alice')
  accounts.account(management).policyRevision++
  assert.notEqual(of('alice'), second)
  const third = of('alice')
  const table = account.table(users)
  table.put({ ...table.findBy('name', 'alice')!, inline: {} })
  assert.notEqual(of('alice'), third)
  assert.doesNotMatch(JSON.stringify(of('alice').identity?.policies.map(({ source }) => source.name)), /own/)
})

test('the policies of a resource and of its organization are compiled once, and anew after a change', () => {
  const accounts = world()
  const { directory } = accounts.deps
  const owner = accounts.account(pay)
  const policy = {
    document: document(allow('s3:*', { Principal: '*' })),
    grant: 'either',
    arn: 'arn:aws:s3:::b',
  } as const
  const of = (arn?: string) =>
    resourceLayers({ ...policy, ...(arn === undefined ? {} : { arn }) }, owner, directory, 's3:GetObject')
  assert.equal(of().resource, of().resource)
  assert.notEqual(of().resource, of('arn:aws:s3:::c').resource)
  assert.equal(of('arn:aws:s3:::c').resource?.policies[0]?.source.arn, 'arn:aws:s3:::c')
  const { arn: _, ...nameless } = policy
  const source = resourceLayers(nameless, owner, directory, 's3:GetObject').resource?.policies[0]?.source
  assert.deepEqual(source, { type: 'resource' })
  assert.equal(of().rcp, of().rcp)
  for (const account of [owner, accounts.account(management)]) {
    const before = of().rcp
    account.policyRevision++
    assert.notEqual(of().rcp, before)
  }
  // many resources with one policy do not stay in memory
  const first = of().resource
  for (let number = 0; number < 996; number++) of(`arn:aws:s3:::b${number}`)
  assert.equal(of().resource, first)
  of('arn:aws:s3:::last')
  assert.notEqual(of().resource, first)
})

test('an identity that does not call has its policies, those of its groups, and its boundary', () => {
  const account = world().account(pay)
  const names = (sources: readonly PolicySource[] = []) => sources.map(({ source }) => source.name)
  const user = account.table(users).findBy('name', 'alice')!
  const { identity, boundary } = entitySources({ type: 'user', user }, account)
  assert.deepEqual(names(identity), ['user_Alice_own', 'AmazonEC2ReadOnlyAccess', 'group_devs_logs', 'read'])
  assert.equal(boundary, undefined)
  const role = account.table(roles).findBy('name', 'small')!
  const own = entitySources({ type: 'role', role }, account)
  assert.deepEqual([names(own.identity), names(own.boundary)], [['read'], ['onlyS3']])
})

test('an organization binds the accounts in its tree by the types of policies that are enabled', () => {
  const accounts = world()
  const { directory } = accounts.deps
  const account = accounts.account(pay)
  const boss = accounts.account(management)
  assert.equal(rcpLevels(account, directory)?.length, 3)
  assert.equal(rcpLevels(account, directory)?.[1]?.[0]?.source.type, 'rcp')
  assert.equal(rcpLevels(boss, directory), undefined)
  // whichever object a call has of the management account
  const earlier = world().account(management)
  assert.equal(scpLevels(earlier, directory), undefined)
  assert.equal(scpLevels(accounts.account('444444444444'), directory), undefined)
  const records = boss.table(organizationAccounts)
  const member = records.find(pay)!
  // an account outside the tree is allowed nothing
  records.delete(pay)
  assert.deepEqual(scpLevels(account, directory), [[]])
  const call = callOf('alice', 'iam:GetUser', accounts)
  const { request } = judge(question, principalOf(call.caller), call)
  assert.equal(request.context.get('aws:PrincipalOrgPaths'), undefined)
  assert.equal(request.context.get('aws:PrincipalOrgID'), 'o-pay0000000')
  records.put(member)
  const organization = [...boss.table(organizations).values()][0]!
  boss.table(organizations).put({ ...organization, enabledPolicyTypes: ['RESOURCE_CONTROL_POLICY'] })
  assert.equal(scpLevels(account, directory), undefined)
  assert.equal(rcpLevels(account, directory)?.length, 3)
  boss.policyRevision++
  boss.table(organizations).put({ ...organization, enabledPolicyTypes: [] })
  assert.equal(resourceLayers(undefined, account, directory, 's3:GetObject').rcp, undefined)
  boss.table(organizations).delete(organization.id)
  assert.equal(scpLevels(account, directory), undefined)
  assert.equal(rcpLevels(account, directory), undefined)
  const without = judge(question, principalOf(call.caller), call).request.context
  assert.equal(without.get('aws:PrincipalOrgID'), undefined)
})

test('a call has the caller and the account of now, or is refused', () => {
  const accounts = world()
  const account = accounts.account(pay)
  const unsigned = callOf('anonymous', 'iam:GetUser', accounts)
  assert.equal(callNow(unsigned), unsigned)
  const other = world()
  const moved: Call = { ...unsigned, deps: other.deps }
  assert.equal((callNow(moved) as Call).account, other.account(pay))
  const gone = { ...unsigned, account: { ...account, id: '999999999999' as AccountId } } as unknown as Call
  assert.equal(callNow(gone), 'unknownKey')
  const signed = { ...callOf('alice', 'iam:GetUser', accounts), deps: other.deps }
  assert.equal((callNow(signed) as Call).account, other.account(pay))
  account.table(settings).put({ ...account.settings, closedAt: 1 })
  assert.equal(callNow(callOf('alice', 'iam:GetUser', accounts)), 'unknownKey')
})

test('of the questions behind a denial fifty are examined, and all share one budget', () => {
  const { call } = denied('carol', 'iam:GetUser')
  const many = Array.from({ length: 60 }, () => question)
  const verdict = authorize(many, call)
  assert.deepEqual([verdict.judged.length, verdict.behind.length, verdict.beyond], [1, 50, 9])
  assert.deepEqual(budgetFor(3), new Budget(defaultSteps + 3_000))
  assert.deepEqual(budgetFor(), new Budget(defaultSteps + 1_000))
})

const account = { id: pay }

test('the latest decisions and denials are kept, up to a number and an age', () => {
  const log = new DecisionLog(seededRandom('log'))
  const call = (id: string, at = 0) => ({ id, now: at, mode: 'enforce', account }) as unknown as Call
  const one = { access: { resource: '*' }, decision: { outcome: 'allowed' } } as unknown as Judged
  const allowed = { allowed: true, judged: [one], denied: undefined, behind: [], beyond: 0 }
  const refused = { ...allowed, allowed: false, denied: one }
  const first = log.note(call('r-0'), allowed)!
  assert.match(first, /^d-[0-9a-z]{7}0$/)
  const asked = log.find(log.noteQuestion(call('q'), one))
  assert.deepEqual([asked?.allowed, asked?.beyond, asked?.letThrough, asked?.behind], [true, 0, false, []])
  for (let number = 2; number < 256; number++) log.note(call(`r-${number}`), allowed)
  assert.equal(log.find(first)?.call.id, 'r-0')
  log.note(call('r-256'), allowed)
  assert.equal(log.find(first), undefined)
  assert.equal(log.find('r-2')?.call.id, 'r-2')
  assert.equal(log.find('r-256')?.call.id, 'r-256')

  const day = 24 * 60 * 60 * 1000
  const ids = [0, 1, 2].map((at) => log.note(call(`x-${at}`, at), refused)!)
  assert.deepEqual(
    log.denials(2).map(({ id }) => id),
    [ids[2], ids[1]],
  )
  assert.equal(log.lastDenial()?.id, ids[2])
  for (let number = 0; number < 300; number++) log.note(call(`y-${number}`), allowed)
  assert.equal(log.find('x-0')?.id, ids[0])
  assert.equal(log.find(ids[1]!)?.call.id, 'x-1')
  log.note(call('late', day), refused)
  assert.equal(log.denials(9).length, 4)
  log.note(call('later', day + 1), refused)
  assert.deepEqual(
    log.denials(9).map(({ call: { id } }) => id),
    ['later', 'late', 'x-2', 'x-1'],
  )
  for (let number = 0; number < 996; number++) log.note(call(`z-${number}`, day + 1), refused)
  assert.equal(log.denials(2_000).length, 1_000)
  assert.equal(log.denials(2_000).at(-1)?.call.id, 'x-1')
  log.note(call('z', day + 1), refused)
  assert.equal(log.denials(2_000).length, 1_000)
  assert.equal(log.denials(2_000).at(-1)?.call.id, 'x-2')

  log.failed.note({ time: 1, service: 'iam', operation: 'x', fault: fault('a', 'b', 400), requestId: 'f' })
  log.forgetAll()
  for (const id of ['later', 'z', 'f']) assert.equal(log.find(id), undefined)
  assert.equal(log.lastDenial(), undefined)
  assert.equal(log.failed.last(), undefined)
  const fresh = log.note(call('new'), allowed)!
  log.note(call('newer'), allowed)
  assert.equal(log.find(fresh)?.call.id, 'new')
})

test('nothing is left of a decision after everything was forgotten', () => {
  const log = new DecisionLog(seededRandom('log'))
  const one = { access: { resource: '*' }, decision: { outcome: 'allowed' } } as unknown as Judged
  const id = log.noteQuestion({ id: 'q', now: 0, mode: 'enforce', account } as unknown as Call, one)
  assert.equal(log.find(id)?.call.id, id)
  log.forgetAll()
  assert.equal(log.find(id), undefined)
})

test('an id begins with seven characters, whatever the chance', () => {
  const log = new DecisionLog({ bytes: (length: number) => new Uint8Array(length) })
  const call = { id: 'r', now: 0, mode: 'enforce', account } as unknown as Call
  assert.equal(
    log.noteQuestion(call, { access: { resource: '*' }, decision: {} } as unknown as Judged),
    'd-00000000',
  )
  const other = new DecisionLog({ bytes: () => new Uint8Array([1, 2, 3, 4]) })
  const prefix = (0x01020304).toString(36).padStart(7, '0')
  assert.equal(
    other.noteQuestion(call, { access: { resource: '*' }, decision: {} } as unknown as Judged),
    `d-${prefix}0`,
  )
})

test('the questions of an event are kept up to a number of characters', () => {
  const { call } = denied('carol', 'iam:GetUser')
  const of = (length: number): AccessRequest => ({ action: 'a:b', resource: 'r'.repeat(length - 3) })
  const all = 256 * 1024
  assert.equal(askedOf([of(all)], call).askedCut, undefined)
  assert.deepEqual(askedOf([of(all + 1)], call), { asked: [], askedCut: true, callerKeys: {} })
  assert.equal(askedOf([of(all - 10), of(10)], call).asked?.length, 2)
  assert.equal(askedOf([of(all - 10), of(11)], call).asked?.length, 1)
  const passed = (service: string) => ({ ...of(10), context: { 'iam:PassedToService': service } })
  assert.equal(askedOf([of(all - 12), passed('xy')], call).askedCut, undefined)
  assert.equal(askedOf([of(all - 12), passed('xyz')], call).askedCut, true)
  const list = { ...of(10), context: { 'iam:PassedToService': ['a'], day: new Date(0), list: [1, true] } }
  assert.deepEqual(askedOf([list], call).asked, [
    { action: 'a:b', resource: 'rrrrrrr', keys: { day: '1970-01-01T00:00:00.000Z', list: ['1', 'true'] } },
  ])
})

test('the only tag of a caller with a long-term key is kept', () => {
  const { call } = denied('bob', 'iam:GetUser')
  const keysWith = (tags: readonly { readonly Key: string; readonly Value: string }[]) => {
    const caller = { ...call.caller, user: { ...(call.caller as { user: object }).user, tags } }
    return askedOf([question], { ...call, caller } as unknown as Call).callerKeys
  }
  assert.deepEqual(keysWith([{ Key: 'Team', Value: 'pay' }]), {
    'aws:principaltag/team': 'pay',
  })
  assert.deepEqual(keysWith([]), {})
})

test('a key without a value is not added, and takes no other away', () => {
  const { one } = denied('alice', 'iam:GetUser', { context: { 'aws:SourceIp': undefined, 'x:y': undefined } })
  assert.equal(one.request.context.get('aws:SourceIp'), '192.0.2.7')
  assert.equal(one.request.context.get('x:y'), undefined)
})

test('a question without keys is kept as it was asked', () => {
  const { call } = denied('carol', 'iam:GetUser')
  assert.deepEqual(askedOf([question], call).asked, [question])
})

test('the region of a call is its own, or the one that a global service has', () => {
  const region = (operation: string) =>
    denied('alice', operation).one.request.context.get('aws:RequestedRegion')
  assert.deepEqual([region('ec2:StopInstances'), region('iam:GetUser')], ['eu-central-1', 'us-east-1'])
})

test('keys beyond those that were kept with an event are unknown', () => {
  const event = {
    account: pay,
    time: now,
    callerKeys: {},
    json: '{"userIdentity":{}}',
  } as unknown as StoredEvent
  const asked = { action: 'a:b', resource: '*', keys: { 'x:y': 'z', 'x:secret': null, '*': null } }
  const { isUnknown } = contextOfEvent(event, asked as Asked, world().deps.directory)
  assert.deepEqual(['x:y', 'x:secret', 'x:other'].map(isUnknown), [false, true, true])
  const { '*': _, ...all } = asked.keys
  const whole = contextOfEvent(event, { ...asked, keys: all } as Asked, world().deps.directory)
  assert.deepEqual(['x:y', 'x:secret', 'x:other'].map(whole.isUnknown), [false, true, false])
})

test('the policies of many entities of an account do not stay in memory', () => {
  const accounts = world()
  const account = accounts.account(pay)
  const caller = callOf('bob', 'iam:GetUser', accounts).caller as SignedCaller & { readonly kind: 'user' }
  const bare = { ...caller.user, inline: {}, attached: [], boundaryArn: undefined }
  const users = Array.from({ length: 20_001 }, (_, number) => ({ ...bare, id: `AIDA${number}` }))
  const of = (number: number) =>
    callerPolicies(
      { ...caller, user: users[number]! } as unknown as SignedCaller,
      account,
      accounts.deps.directory,
    )
  const first = of(0)
  for (let number = 1; number < 20_000; number++) of(number)
  assert.equal(of(0), first)
  of(20_000)
  assert.notEqual(of(0), first)
})

test('modes refuse, or let through', () => {
  for (const mode of ['enforce', 'Audit'] as Mode[]) {
    assert.equal(enforce(mode, { denied: true }), 'refuse')
    assert.equal(enforce(mode, { denied: false }), 'allow')
    assert.equal(refuses(mode), true)
  }
  assert.equal(refuses('audit'), false)
})

test('a Deny on a key that nobody knows is named by its policy', () => {
  const reason = (who: string, key: string, change: (role: Role) => Role) => {
    const accounts = world()
    const table = accounts.account(pay).table(roles)
    table.put(change(table.findBy('name', 'work')!))
    const call = callOf(who, 'iam:GetUser', accounts)
    const isUnknown = (name: string) => name === key
    return unknownKeyOf(judge({ ...question, isUnknown }, principalOf(call.caller), call))
  }
  const inline = document(allow('*'), {
    ...allow('iam:*', { Condition: { StringEquals: { 'x:y': 'z' } } }),
    Effect: 'Deny',
  })
  const call = callOf('work', 'iam:GetUser', world())
  const nameless = document({
    ...allow('*', { Principal: '*', Condition: { StringEquals: { 'x:y': 'z' } } }),
    Effect: 'Deny',
  })
  const isUnknown = (name: string) => name === 'x:y'
  const asked = { ...question, isUnknown, resourcePolicy: { document: nameless, grant: 'either' } as const }
  assert.deepEqual(unknownKeyOf(judge(asked, principalOf(call.caller), call)), {
    policy: 'A policy of the resource layer',
    key: 'x:y',
    denies: true,
  })
  const named = { ...asked, resourcePolicy: { ...asked.resourcePolicy, arn: 'arn:aws:s3:::b' } }
  const found = unknownKeyOf(judge(named, principalOf(call.caller), call))
  assert.equal(found?.policy, 'arn:aws:s3:::b')
  const denying = (role: Role): Role => ({ ...role, inline: { no: inline } })
  assert.deepEqual(reason('work', 'x:y', denying), {
    policy: 'role_work_no',
    key: 'x:y',
    denies: true,
  })
  assert.equal(reason('work', 'other', denying), undefined)
  assert.equal(
    reason('work', 'x:y', (role) => role),
    undefined,
  )
})
