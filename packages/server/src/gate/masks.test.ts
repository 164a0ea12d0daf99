import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account, allow, deny } from '../../../../test/kit/index.ts'
import { budgetFor } from '../authorization/index.ts'
import { roleMasks, roles, users } from '../directory/index.ts'
import { type OpenedServer, openServer } from './fixture.ts'
import { drawnMask, housesOf, masksOf, shownMask, trusteesOf } from './masks.ts'

const other = '210987654321'
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const trusts = (...Statement: readonly object[]) =>
  policy(...Statement.map((each) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...each })))

/** Each is a way to power of its own: without one of them nobody is an administrator. */
const powers = [
  'iam:CreateUser',
  'iam:PutRolePolicy',
  'iam:AttachUserPolicy',
  'iam:PassRole',
  'kms:ScheduleKeyDeletion',
  's3:DeleteBucket',
  'ec2:TerminateInstances',
  'cloudtrail:StopLogging',
]

const own = `arn:aws:iam::${account}:root`
const service = { Principal: { Service: 'ec2.amazonaws.com' } }
const provider = `arn:aws:iam::${account}:oidc-provider/token.example.com`

/** Trust policies, with the kinds of principals that they let in, the face, and the other accounts. */
const faces: Readonly<
  Record<string, readonly [trust: object, kinds: string, family: string, houses?: string]>
> = {
  AnyAws: [trusts({ Principal: { AWS: '*' } }), 'anyone', 'oni'],
  Other: [trusts({ Principal: { AWS: other } }), 'otherAccount', 'tengu', other],
  OtherUser: [trusts({ Principal: { AWS: `arn:aws:iam::${other}:root` } }), 'otherAccount', 'tengu', other],
  Federated: [
    trusts({ Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' }),
    'federated',
    'hyottoko',
  ],
  Own: [trusts({ Principal: { AWS: account } }), 'account', 'kitsune'],
  OwnUser: [trusts({ Principal: { AWS: `arn:aws:iam::${account}:user/ann` } }), 'account', 'kitsune'],
  Service: [trusts(service), 'service', 'okame'],
  Two: [trusts(service, { Principal: { AWS: own } }), 'account service', 'kitsune'],
  Three: [
    trusts({ Principal: { Service: 'ec2.amazonaws.com', AWS: [other, '999988887777', own] } }),
    'otherAccount account service',
    'tengu',
    `${other} 999988887777`,
  ],
  Denied: [trusts(service, { Effect: 'Deny', Principal: { AWS: other } }), 'service', 'okame'],
}

const all = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** Roles beside those of the faces: inline and managed policies, and a boundary. */
const others: Readonly<Record<string, { inline?: object; managed?: string; boundary?: string }>> = {
  ...Object.fromEntries(
    powers.map((power) => [
      `Without-${power.replace(':', '-')}`,
      { inline: policy(allow('*'), deny(power)) },
    ]),
  ),
  Whole: { managed: all },
  // each power on the resources that the account has: a pattern of its own numbers is enough
  Exact: {
    inline: policy(
      allow(['iam:CreateUser', 'iam:AttachUserPolicy'], `arn:aws:iam::${account}:user/*`),
      allow(['iam:PutRolePolicy', 'iam:PassRole'], `arn:aws:iam::${account}:role/*`),
      allow('kms:ScheduleKeyDeletion', `arn:aws:kms:us-east-1:${account}:key/*`),
      allow('s3:DeleteBucket', 'arn:aws:s3:::*'),
      allow('ec2:TerminateInstances', `arn:aws:ec2:us-east-1:${account}:instance/*`),
      allow('cloudtrail:StopLogging', `arn:aws:cloudtrail:us-east-1:${account}:trail/*`),
    ),
  },
  Bound: { managed: all, boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
}

async function make({ call }: OpenedServer, names = [...Object.keys(faces), ...Object.keys(others)]) {
  await call('iam:CreateUser', { UserName: 'ann' })
  await call('iam:CreateOpenIDConnectProvider', {
    Url: 'https://token.example.com',
    ClientIDList: ['omen'],
    ThumbprintList: ['a'.repeat(40)],
  })
  for (const RoleName of names) {
    const { inline, managed, boundary } = others[RoleName] ?? {}
    const [trust = trusts(service)] = faces[RoleName] ?? []
    const bound = boundary === undefined ? {} : { PermissionsBoundary: boundary }
    await call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify(trust), ...bound })
    if (inline !== undefined)
      await call('iam:PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: JSON.stringify(inline) })
    if (managed !== undefined) await call('iam:AttachRolePolicy', { RoleName, PolicyArn: managed })
  }
}

describe('the mask of a role', () => {
  test('shows the kind of principal from furthest outside that its trust policy lets in', async (t) => {
    const house = await openServer(t, account)
    await make(house)
    const here = await house.account()
    const masks = await masksOf(here, house.deps)
    for (const [name, [, kinds, family, houses = '']] of Object.entries(faces)) {
      const role = here.table(roles).findBy('name', name.toLowerCase())!
      const mask = masks.get(role.id)!
      assert.deepEqual(
        [trusteesOf(role, here).join(' '), mask.wearers.join(' '), mask.family, mask.trusting],
        [kinds, kinds, family, family],
        name,
      )
      assert.deepEqual(housesOf(role, here), houses.split(' ').filter(Boolean), name)
    }
    const trusting = (trust: object) => ({
      ...here.table(roles).findBy('name', 'own')!,
      trust: JSON.stringify(trust),
    })
    const negated = trusting(trusts({ NotPrincipal: { AWS: account } }))
    assert.deepEqual([trusteesOf(negated, here), housesOf(negated, here)], [['anyone'], []])
    const ann = [...here.table(users).values()].find(({ name }) => name === 'ann')!
    const byId = trusting(
      trusts({ Principal: { AWS: [ann.id, here.table(roles).findBy('name', 'own')!.id] } }),
    )
    assert.deepEqual(trusteesOf(byId, here), ['account'])
    assert.deepEqual(trusteesOf(trusting(trusts({ Principal: { AWS: 'AIDAGONE' } })), here), ['otherAccount'])
    assert.deepEqual(trusteesOf(trusting(trusts()), here), [])
  })

  test('is that of an administrator only with every power that one has (RSN-20)', async (t) => {
    const house = await openServer(t, account)
    await make(house)
    const here = await house.account()
    const masks = await masksOf(here, house.deps)
    const isAdministrator = (name: string) => {
      const { administrator, family } = masks.get(here.table(roles).findBy('name', name.toLowerCase())!.id)!
      assert.equal(family === 'hannya', administrator)
      return administrator
    }
    for (const power of powers) assert.ok(!isAdministrator(`Without-${power.replace(':', '-')}`), power)
    assert.ok(isAdministrator('Whole') && isAdministrator('Exact'))
    assert.ok(!isAdministrator('Bound'))
  })

  test('does not tell who may not simulate the role that it may do everything (RSN-20)', async (t) => {
    const mask = {
      family: 'hannya',
      trusting: 'okame',
      turn: 2,
      administrator: true,
      wearers: ['service'],
    } as const
    const { trusting: _, ...all } = mask
    assert.deepEqual(shownMask(mask, true), all)
    assert.deepEqual(shownMask(mask, false), { ...all, family: 'okame', administrator: false })
    const house = await openServer(t, account)
    await make(house)
    const { deps } = house
    const here = await house.account()
    const draw = drawnMask(deps)
    const named = (name: string) => here.table(roles).findBy('name', name)!
    const [whole, bound] = [await draw(named('whole'), here), await draw(named('bound'), here)]
    assert.match(whole, /aria-label="Whole"/)
    // both trust a service: they are of one family
    const familyIn = (svg: string) =>
      /data-family="(\w+)"/.exec(svg)?.[1] ?? svg.replaceAll(/[\d.]+|Whole|Bound/g, '').slice(0, 80)
    assert.equal(familyIn(whole), familyIn(bound))
    assert.equal(await draw({ ...named('whole'), id: 'AROAGONE' }, here), '')
  })

  test('is found anew after policies changed, and after a minute', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) })
    const house = await openServer(t, account)
    await make(house, ['Whole'])
    const { deps, clock } = house
    const here = await house.account()
    const now = () => masksOf(here, deps)
    const first = await now()
    assert.equal(await now(), first)
    clock.advance(59_999)
    assert.equal(await now(), first)
    clock.advance(1)
    const second = await now()
    assert.notEqual(second, first)
    assert.deepEqual(second, first)
    clock.advance(-1)
    assert.notEqual(await now(), second)
    const third = await now()
    const role = here.table(roles).findBy('name', 'whole')!
    here.table(roles).put({ ...role, attached: [] })
    await deps.directory.commit([])
    assert.equal((await now()).get(role.id)?.administrator, false)
    assert.equal(third.get(role.id)?.administrator, true)
    assert.ok(budgetFor(1) !== undefined)
  })

  test('keeps its turn among others that look like it', async (t) => {
    const house = await openServer(t, account, 'masks')
    await make(
      house,
      Array.from({ length: 120 }, (_, n) => `R${n}`),
    )
    const { deps } = house
    const here = await house.account()
    const masks = await masksOf(here, deps)
    const turned = [...masks].filter(([, { turn }]) => turn > 0)
    assert.ok(turned.length > 0)
    const kept = [...here.table(roleMasks).values()].map(({ role, turn }) => [role, turn])
    assert.deepEqual(kept.toSorted(), turned.map(([id, { turn }]) => [id, turn]).toSorted())
    // a role that goes changes no other's
    const [first] = [...here.table(roles).values()].sort((a, b) => a.createdAt - b.createdAt)
    here.table(roles).delete(first!.id)
    await deps.directory.commit([])
    const later = await masksOf(here, deps)
    assert.equal(later.size, 119)
    for (const [id, { turn }] of later) assert.equal(turn, masks.get(id)!.turn)
  })
})
