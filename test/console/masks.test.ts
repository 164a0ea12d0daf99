import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import fc from 'fast-check'
import { createOmen } from 'omen-iam'
import { roles } from '../../packages/server/src/directory/index.ts'
import { masksOf } from '../../packages/server/src/gate/index.ts'
import {
  areDistinct,
  distinctTurns,
  drawn,
  families,
  genesOf,
  inks,
  maskSvg,
} from '../../packages/server/src/masks/index.ts'
import { trustPolicy } from '../kit/index.ts'

const roleId = fc
  .string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), minLength: 17, maxLength: 17 })
  .map((text) => `AROA${text}`)

describe('masks', () => {
  test('of 300 roles of an account no two look alike, and other roles change none', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(roleId, { minLength: 300, maxLength: 300 }),
        fc.constantFrom(...families),
        (ids, family) => {
          const roles = ids.map((id) => ({ id, family }))
          const turns = distinctTurns(roles)
          const genes = ids.map((id) => genesOf(id, turns.get(id)))
          for (const [index, one] of genes.entries())
            for (const other of genes.slice(0, index)) assert.ok(areDistinct(family, one, other))
          const half = roles.slice(150).map((role) => ({ ...role, turn: turns.get(role.id) ?? 0 }))
          for (const [id, turn] of distinctTurns(half)) assert.equal(turn, turns.get(id))
        },
      ),
      { numRuns: 12 },
    )
  })

  test('masks that differ in a part that their family draws are drawn differently', () => {
    for (const family of families) {
      const first = genesOf('AROAEXAMPLE')
      for (const part of drawn[family]) {
        const other = { ...first, [part]: first[part] === 0 ? 1 : 0 }
        assert.notEqual(maskSvg(family, first), maskSvg(family, other), `${family} ${part}`)
      }
    }
  })

  test('the same id has the same mask, small and without text of anybody’s', () => {
    fc.assert(
      fc.property(roleId, fc.constantFrom(...families), fc.string(), (id, family, title) => {
        const svg = maskSvg(family, genesOf(id), { title })
        assert.equal(svg, maskSvg(family, genesOf(id), { title }))
        assert.ok(svg.length - title.length * 6 < 2_400)
        assert.doesNotMatch(svg.replace(/aria-label="[^"]*"/, ''), /<script|href|NaN|undefined/)
      }),
      { numRuns: 200 },
    )
  })

  test('every ink is legible on paper: a contrast of 5.9 to 1 at least', () => {
    const luminance = (hex: string) => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    for (const ink of inks) {
      const contrast = (luminance('#FFF8EA') + 0.05) / (luminance(ink) + 0.05)
      assert.ok(contrast >= 5.9, `${ink} ${contrast}`)
    }
  })
})

test('a mask’s family shows who may wear the role, and whether it is an administrator in effect', async () => {
  await using omen = await createOmen()
  const iam = omen.client(IAM, 'admin')
  const make = async (name: string, principal: object | string, action = 'sts:AssumeRole') =>
    iam.createRole({
      RoleName: name,
      AssumeRolePolicyDocument: trustPolicy(principal, action),
    })
  await iam.createUser({ UserName: 'alice' })
  await make('own', { AWS: 'arn:aws:iam::123456789012:root' })
  await make('named', { AWS: 'arn:aws:iam::123456789012:user/alice' })
  await make('partner', { AWS: '210987654321' })
  await make('machine', { Service: 'lambda.amazonaws.com' })
  await make('anyone', { AWS: '*' })
  await make('mixed', { AWS: '210987654321', Service: 'ec2.amazonaws.com' })
  await make('admin', { AWS: '123456789012' })
  await make('bounded', { AWS: '123456789012' })
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  for (const RoleName of ['admin', 'bounded']) await iam.attachRolePolicy({ RoleName, PolicyArn })
  await iam.putRolePermissionsBoundary({
    RoleName: 'bounded',
    PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  })
  const { deps } = omen.omen
  const account = await deps.directory.find(deps.firstAccount)
  assert.ok(account)
  // who asks while the masks are found waits for the same ones
  const [masks, same] = await Promise.all([masksOf(account, deps), masksOf(account, deps)])
  assert.equal(same, masks)
  const families = Object.fromEntries(
    [...account.table(roles).values()].map(({ id, name }) => [name, masks.get(id)?.family]),
  )
  assert.deepEqual(families, {
    own: 'kitsune',
    named: 'kitsune',
    partner: 'tengu',
    machine: 'okame',
    anyone: 'oni',
    mixed: 'tengu',
    admin: 'hannya',
    bounded: 'kitsune',
  })
})
