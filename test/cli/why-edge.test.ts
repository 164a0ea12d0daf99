import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type AccountFile, allow, deny, detailsOf, inventoryOf, roleArn } from '../graph/account-file.ts'
import { adm, passes, root, when } from '../graph/kinds.ts'
import { omen } from './process.ts'

const folder = mkdtempSync(join(tmpdir(), 'omen-why-edge-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** dev may assume two roles: maker makes functions with the administrator role, and invoker invokes them. */
const together = (invoker: Parameters<typeof deny>[0][] = []): AccountFile => ({
  users: { dev: { statements: [allow('sts:AssumeRole', [roleArn('maker'), roleArn('invoker')])] } },
  roles: {
    maker: { trust: { AWS: root }, statements: [passes(), allow('lambda:CreateFunction')] },
    invoker: {
      trust: { AWS: root },
      statements: [allow('lambda:InvokeFunction'), ...invoker.map((each) => deny(each))],
    },
    ...adm({ Service: 'lambda.amazonaws.com' }),
  },
})

async function ask(file: AccountFile, ...args: readonly string[]) {
  writeFileSync(join(folder, 'details.json'), detailsOf(file))
  writeFileSync(
    join(folder, 'inventory.json'),
    JSON.stringify({ ...(inventoryOf(file) as object), resources: [] }),
  )
  return await omen([...args, '--from', 'details.json', '--inventory', 'inventory.json'], {}, folder)
}

describe('omen why WHO =ROLE, and omen paths', () => {
  test('a step that a path has with a partner only is shown with it', async () => {
    const paths = await ask(together(), 'paths', 'dev', 'role/adm')
    assert.match(paths.stdout, /role\/invoker: lambda:InvokeFunction on function:omen {3}/)
    const why = await ask(together(), 'why', 'role/maker', '=adm')
    assert.equal(why.status, 0, why.stderr)
    assert.match(
      why.stdout,
      /^role\/maker → role\/adm {8}not by itself: proven together with role\/invoker, one way\n/,
    )
    assert.match(why.stdout, /\nif role\/invoker is held as well:\n/)
    assert.match(
      why.stdout,
      /asks lambda:InvokeFunction[^\n]*\n(?: {6}with.*\n)* {6}allowed by own of invoker, [^\n]*:\d+:\d+ .*\n {8}\{/,
    )
  })

  test('what a partner is refused is shown with the statement', async () => {
    const file = together(['lambda:InvokeFunction'])
    const { status, stdout } = await ask(file, 'why', 'role/maker', '=adm')
    assert.equal(status, 1)
    assert.match(
      stdout,
      /\n {2}role\/invoker: own of invoker \([^\n)]*:\d+:\d+\) denies lambda:InvokeFunction on [^\n]*\n {8}\{\n/,
    )
    assert.match(stdout, /"Effect": "Deny"/)
    const paths = await ask(file, 'paths', 'dev', 'role/adm')
    assert.match(paths.stdout, /^user\/dev → role\/adm {8}blocked, 3 steps/)
  })

  test('a fact is said in words, with its code', async () => {
    const file: AccountFile = {
      users: { dev: { statements: [allow('iam:CreateLoginProfile')] }, ops: { statements: [] } },
    }
    const { stdout } = await ask(file, 'why', 'dev', '=user/ops')
    assert.match(stdout, /\n {2}no console password: no password \(noLoginProfile, from the inventory\)\n/)
  })

  test('a long path keeps its conditions within twelve lines', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const trusting = { AWS: root }
    const file: AccountFile = {
      users: {
        dev: {
          statements: [
            allow('sts:AssumeRole', roleArn('a'), when('Bool', 'aws:MultiFactorAuthPresent', 'true')),
          ],
        },
      },
      roles: {
        ...Object.fromEntries(
          names.map((name, place) => [
            name,
            { trust: trusting, statements: [allow('sts:AssumeRole', roleArn(names[place + 1] ?? 'adm'))] },
          ]),
        ),
        ...adm(trusting),
      },
    }
    const { stdout } = await ask(file, 'paths', 'dev', 'role/adm')
    const [path = ''] = stdout.split('\n\n')
    assert.ok(path.split('\n').length <= 12, path)
    assert.match(path, /\n {2}if Bool aws:MultiFactorAuthPresent true: /)
    assert.match(path, /\n {2}breaks with: /)
  })
})
