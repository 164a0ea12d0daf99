import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { configOf } from '../../packages/server/src/center/index.ts'
import { awsCli, awsCliLines, needs } from '../support/index.ts'
import { centerServer } from './center-house.ts'
import { allow } from './iam/house.ts'

const omen = await createOmen()
after(() => omen.close())

describe('the AWS CLI at IAM Identity Center', needs('awsCli'), () => {
  test('SSO-61, SSO-68: aws sso login by PKCE and by device, and a profile of omen sso config', async () => {
    const server = await centerServer(omen)
    const { password } = await server.lent('alice', 'Developer', allow('iam:ListUsers'))
    const folder = mkdtempSync(join(tmpdir(), 'omen-sso-'))
    after(() => rmSync(folder, { recursive: true, force: true }))
    const config = join(folder, 'config')
    const shown = await server.own('GET', '/_omen/identity-center')
    writeFileSync(config, configOf(shown as Parameters<typeof configOf>[0], omen.endpoint))
    const here = { endpoint: omen.endpoint, environment: { AWS_CONFIG_FILE: config, HOME: folder } }
    const profile = `Developer-${omen.account}`
    const who = async () => {
      const { stdout, stderr } = await awsCli(here, 'sts', 'get-caller-identity', '--profile', profile)
      assert.match(stdout, /assumed-role\/AWSReservedSSO_Developer_[0-9a-f]{16}\/alice"/, stderr)
    }

    const byDevice = awsCliLines(
      here,
      'sso',
      'login',
      '--profile',
      profile,
      '--no-browser',
      '--use-device-code',
    )
    const link = new URL(await byDevice.line(/^http\S+user_code=\S+$/))
    const fields = {
      directory: link.searchParams.get('directory')!,
      user_code: link.searchParams.get('user_code')!,
    }
    const { ticket } = await server.login({ ...fields, userName: 'alice', password })
    await server.decide(ticket, 'allow')
    assert.equal(await byDevice.ended, 0)
    await who()
    const { stdout } = await awsCli(here, 'iam', 'list-users', '--profile', profile)
    assert.ok(JSON.parse(stdout).Users)
    const { stderr } = await awsCli(here, 'iam', 'list-roles', '--profile', profile)
    assert.match(stderr, /AccessDenied/)
    assert.equal((await awsCli(here, 'sso', 'logout')).status, 0)
    assert.notEqual((await awsCli(here, 'sts', 'get-caller-identity', '--profile', profile)).status, 0)

    const byCode = awsCliLines(here, 'sso', 'login', '--profile', profile, '--no-browser')
    const address = await byCode.line(/^http\S+\/authorize\?\S+$/)
    const first = await fetch(address, { redirect: 'manual' })
    const r = new URL(first.headers.get('location') ?? '', omen.endpoint).searchParams.get('r') ?? ''
    const shownPage = await server.login({ r, userName: 'alice', password })
    const { to } = await server.decide(shownPage.ticket, 'allow')
    assert.equal((await fetch(to)).status, 200)
    assert.equal(await byCode.ended, 0)
    await who()
  })
})
