import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account } from '../../../../../test/kit/index.ts'
import { passRoleTable, regions, services } from '../../authorization/catalogue/index.ts'
import { rcpServices } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { AccountNotLoaded, instanceProfiles, instances, roles } from '../../directory/index.ts'
import { functions } from '../../services/lambda/index.ts'
import { openServer } from '../fixture.ts'
import type { AdminRoute, Refusal } from './admin-route.ts'
import { catalogueRoutes } from './catalogue-routes.ts'
import { guardRoutes } from './guard-routes.ts'
import { machineRoutes } from './machine-routes.ts'
import { pathWatchRoutes } from './path-watch-routes.ts'

/** Asks one of some routes as it is asked behind the signature; `may` says what the asker may do. */
async function ask(
  given: readonly AdminRoute[],
  path: string,
  {
    method = 'GET',
    signer,
    within,
    may = async () => true,
  }: Partial<{
    method: string
    signer: object
    within: AccountId
    may: (action: string, resource: string) => Promise<boolean>
  }> = {},
): Promise<unknown> {
  const route = given.find((each) => each.method === method && each.path.test(path))
  assert.ok(route !== undefined, path)
  const [, ...groups] = route.path.exec(path) ?? []
  try {
    return await route.answer(groups, {}, signer as never, new URLSearchParams(), within, { may } as never)
  } catch (error) {
    const { status, error: why } = error as Refusal
    if (typeof status !== 'number') throw error
    return [status, why]
  }
}

describe('machines that have roles', () => {
  test('are instances with a profile that the asker may read, and functions, five hundred at most (SGN-51)', async (t) => {
    const { deps, account: first, call } = await openServer(t, account)
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    })
    for (const name of ['Web', 'Other', 'Bare']) {
      await call('iam:CreateInstanceProfile', { InstanceProfileName: name, Path: '/p/' })
      if (name === 'Bare') continue
      await call('iam:CreateRole', { RoleName: name, AssumeRolePolicyDocument: trust })
      await call('iam:AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name })
    }
    const owner = await first()
    const profileId = (name: string) => owner.table(instanceProfiles).findBy('name', name)!.id
    const instance = (id: string, profile: string | undefined, state = 'running') =>
      owner.table(instances).put({ id, state, ...(profile && { profile: { profileId: profile } }) } as never)
    instance('i-1', profileId('web'))
    instance('i-2', profileId('other'), 'stopped')
    instance('i-3', profileId('web'), 'terminated')
    instance('i-4', undefined)
    instance('i-5', profileId('bare'))
    instance('i-6', 'AIPAGONE')
    owner
      .table(functions)
      .put({ key: 'us-east-1 f', name: 'f', roleArn: `arn:aws:iam::${account}:role/a/b/Web` } as never)
    const routes = machineRoutes(deps)
    const of = (name: string, roleName: string) => ({
      kind: 'instance',
      name,
      roleName,
      service: 'ec2.amazonaws.com',
    })
    const asked: string[] = []
    const may = async (action: string, resource: string) => {
      asked.push(`${action} ${resource}`)
      return !resource.endsWith('/Other')
    }
    const instancesPath = '/_omen/api/machines/instances'
    assert.deepEqual(await ask(routes, instancesPath), { machines: [of('i-1', 'Web'), of('i-2', 'Other')] })
    assert.deepEqual(await ask(routes, instancesPath, { may }), { machines: [of('i-1', 'Web')] })
    const profile = `iam:GetInstanceProfile arn:aws:iam::${account}:instance-profile/p/`
    assert.deepEqual(asked, [`${profile}Web`, `${profile}Other`])
    assert.deepEqual(await ask(routes, '/_omen/api/machines/functions'), {
      machines: [{ kind: 'function', name: 'f', roleName: 'Web', service: 'lambda.amazonaws.com' }],
    })
    const stranger = { signer: { account: '210987654321' } }
    for (const path of [instancesPath, '/_omen/api/machines/functions'])
      assert.deepEqual(await ask(routes, path, stranger), [404, 'The account does not exist.'])
    for (let n = 0; n < 501; n++) {
      instance(`j-${n}`, profileId('web'))
      owner.table(functions).put({ key: `us-east-1 g${n}`, name: `g${n}`, roleArn: 'role/Web' } as never)
    }
    for (const path of [instancesPath, '/_omen/api/machines/functions'])
      assert.equal(((await ask(routes, path)) as { machines: object[] }).machines.length, 500)
    // nothing of it is kept
    deps.directory.rollBack()
    assert.ok(owner.table(roles).size > 0)
  })
})

describe('the vocabulary of policies', () => {
  test('has every service, region and principal that roles are handed to', async () => {
    const whole = (await ask(catalogueRoutes(), '/_omen/api/catalogue')) as Record<string, readonly string[]>
    assert.deepEqual(whole.services, [...services().keys()])
    assert.deepEqual(whole.regions, [...regions])
    assert.deepEqual(whole.rcpServices, [...rcpServices])
    const principals = new Set([...passRoleTable().values()].flat().flatMap(({ passedTo }) => passedTo))
    assert.deepEqual(whole.servicePrincipals, [...principals].sort())
    assert.ok(whole.servicePrincipals?.includes('lambda.amazonaws.com') && whole.globalKeys!.length > 0)
    const s3 = (await ask(catalogueRoutes(), '/_omen/api/catalogue/s3')) as {
      prefix: string
      title: string
      conditionKeys: string[]
      resourceTypes: object
      actions: {
        name: string
        description: string
        accessLevel: string
        resources: object[]
        conditionKeys: string[]
      }[]
    }
    assert.deepEqual([s3.prefix, s3.title], ['s3', 'Amazon S3'])
    assert.ok(s3.conditionKeys.includes('s3:prefix') && 'bucket' in s3.resourceTypes)
    const get = s3.actions.find(({ name }) => name === 'GetObject')!
    assert.deepEqual(
      [get.accessLevel, get.resources.length > 0, get.description.length > 0],
      ['Read', true, true],
    )
    assert.deepEqual(Object.keys(get).sort(), [
      'accessLevel',
      'conditionKeys',
      'description',
      'name',
      'resources',
    ])
    assert.deepEqual(await ask(catalogueRoutes(), '/_omen/api/catalogue/none'), [
      404,
      'AWS has no service none.',
    ])
  })
})

describe('the report of a guard', () => {
  const path = '/_omen/upstream/reset'
  const of = (guarding: object | undefined) =>
    guardRoutes(() => guarding as never, /^\/_omen\/upstream\/reset$/)

  test('is empty without an upstream, of which nothing can be asked', async () => {
    assert.deepEqual(await ask(of(undefined), '/_omen/undecidable'), { operations: [] })
    assert.deepEqual(await ask(of(undefined), '/_omen/upstream'), {})
    const none = [404, 'There is no upstream here.']
    assert.deepEqual(await ask(of(undefined), '/_omen/upstream/sync', { method: 'POST' }), none)
    assert.deepEqual(await ask(of(undefined), path, { method: 'POST' }), none)
  })

  test('has what could not be decided, the most frequent first, and the state of the upstream', async () => {
    const undecidable = [{ times: 1 }, { times: 3 }, { times: 2 }]
    const guard = { undecidable, upstream: async () => ({ answers: true }), reset: async () => 'moto' }
    const log: string[] = []
    const mirror = { state: 'shared', start: async () => log.push('mirror') }
    const run = { result: { made: 1 } as object | Error }
    const stacks = {
      notAdopted: ['s'],
      emptied: async () => log.push('stacks'),
      synchronization: {
        async run() {
          if (run.result instanceof Error) throw run.result
          return run.result
        },
      },
    }
    const whole = of({ guard, mirror, stacks })
    assert.deepEqual(await ask(whole, '/_omen/undecidable'), {
      operations: [{ times: 3 }, { times: 2 }, { times: 1 }],
    })
    assert.deepEqual(await ask(whole, '/_omen/upstream'), {
      answers: true,
      shared: 'shared',
      notAdopted: ['s'],
    })
    assert.deepEqual(await ask(of({ guard }), '/_omen/upstream'), { answers: true })
    assert.deepEqual(await ask(whole, '/_omen/upstream/sync', { method: 'POST' }), { made: 1 })
    run.result = new Error('no answer')
    const unread = [503, "The upstream's IAM cannot be read: no answer."]
    assert.deepEqual(await ask(whole, '/_omen/upstream/sync', { method: 'POST' }), unread)
    assert.deepEqual(await ask(whole, path, { method: 'POST' }), { status: 'reset', by: 'moto' })
    assert.deepEqual(log, ['stacks', 'mirror'])
    assert.deepEqual(await ask(of({ guard }), path, { method: 'POST' }), { status: 'reset', by: 'moto' })
    log.length = 0
    guard.reset = async () => undefined as never
    assert.deepEqual(await ask(whole, path, { method: 'POST' }), [
      501,
      'The upstream has no way to be emptied that is known here.',
    ])
    guard.reset = async () => {
      throw new Error('silent')
    }
    assert.deepEqual(await ask(whole, path, { method: 'POST' }), [503, 'The upstream does not answer.'])
    assert.deepEqual(log, [])
  })
})

test('what is watched of the paths of an account is asked again for accounts that are not in memory', async () => {
  const found: string[] = []
  const here = { id: account }
  const deps = {
    firstAccount: account,
    directory: {
      async find(id: string) {
        found.push(id)
        return id === 'gone' ? undefined : here
      },
    },
  }
  let watch: { stateOf(of: object): object } | undefined
  const routes = pathWatchRoutes(deps as never, () => watch as never)
  const path = '/_omen/api/path-watch'
  assert.deepEqual(await ask(routes, path), { watched: 'off' })
  assert.deepEqual(found.splice(0), [account])
  await ask(routes, path, { within: '210987654321' as AccountId })
  await ask(routes, path, { signer: { account: '333333333333' }, within: '210987654321' as AccountId })
  assert.deepEqual(found.splice(0), ['210987654321', '333333333333'])
  assert.deepEqual(await ask(routes, path, { signer: { account: 'gone' } }), [
    404,
    'There is no such account here.',
  ])
  let missing = 2
  watch = {
    stateOf(of) {
      assert.equal(of, here)
      if (missing-- > 0) throw new AccountNotLoaded('444444444444' as AccountId)
      return { watched: 'yes' }
    },
  }
  found.length = 0
  assert.deepEqual(await ask(routes, path), { watched: 'yes' })
  assert.deepEqual(found, [account, '444444444444', '444444444444'])
  missing = 1_000
  await assert.rejects(ask(routes, path), AccountNotLoaded)
  assert.equal(missing, 1_000 - 61)
  watch = {
    stateOf() {
      throw new TypeError('ours')
    },
  }
  await assert.rejects(ask(routes, path), /ours/)
})
