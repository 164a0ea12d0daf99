import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { GetRoleCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { createOmen } from '../../packages/server/src/index.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const second = '222222222222' as AccountId // twelve digits
const seed = {
  accounts: {
    [second]: {
      roles: {
        guest: {
          trust: ['123456789012'],
          policies: [
            { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:Get*', Resource: '*' } },
          ],
        },
      },
    },
  },
}

test('nothing holds an account that left the memory: no session, no decision, no denial', async () => {
  await using omen = await createOmen({ seed })
  const { directory, decisions } = omen.omen.deps
  const sessionPolicy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  const { Credentials: keys } = await omen.client(STSClient, 'admin').send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${second}:role/guest`,
      RoleSessionName: 'guest',
      Policy: JSON.stringify(sessionPolicy),
    }),
  )
  const iam = new IAMClient({
    endpoint: omen.endpoint,
    region: 'us-east-1',
    credentials: {
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    },
  })
  const call = async () => {
    await iam.send(new GetRoleCommand({ RoleName: 'guest' }))
    await assert.rejects(iam.send(new ListUsersCommand()), { name: 'AccessDenied' })
  }
  await call()
  const left = new WeakRef(directory.loaded(second) ?? assert.fail('the account is not loaded'))
  directory.forget(second)
  for (let tries = 0; left.deref() !== undefined && tries < 50; tries++) {
    await sleep(20) // a reference that was asked for holds its object until the end of the turn
    collect()
  }
  assert.equal(left.deref(), undefined)
  assert.equal(decisions.lastDenial()?.call.account.id, second)
  await call()
})
