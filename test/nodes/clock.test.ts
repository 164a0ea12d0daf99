import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FollowingClock, isoSeconds, ShiftedClock } from '../../packages/server/src/base/index.ts'
import { policyText } from '../kit/index.ts'
import { until } from '../store/fixture.ts'
import { account, openNodes } from './twins.ts'

test('a revocation by aws:TokenIssueTime reaches sessions of a node whose clock is ahead', async (t) => {
  const machines = [new ShiftedClock(), new ShiftedClock()]
  machines[0]!.shift = 120_000
  const line = { delay: () => 0 }
  const { nodes, close } = await openNodes([line, line], (index) => ({
    clock: new FollowingClock(machines[index]),
  }))
  t.after(close)
  const [ahead, right] = nodes
  const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }
  const iam = right!.iam()
  await iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument: policyText(trust) })
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' }
  await iam.putRolePolicy({ RoleName: 'r', PolicyName: 'all', PolicyDocument: policyText(allow) })
  const RoleArn = `arn:aws:iam::${account}:role/r`
  const { Credentials: made } = await ahead!.sts().assumeRole({ RoleArn, RoleSessionName: 'session' })
  const session = {
    accessKeyId: made!.AccessKeyId!,
    secretAccessKey: made!.SecretAccessKey!,
    sessionToken: made!.SessionToken!,
  }
  for (const node of nodes) await node.iam(session).listUsers({})
  // a second later, as the console's button "Revoke active sessions" does
  const revoked = isoSeconds(Date.now() + 1_000)
  const deny = { ...allow, Effect: 'Deny', Condition: { DateLessThan: { 'aws:TokenIssueTime': revoked } } }
  await iam.putRolePolicy({ RoleName: 'r', PolicyName: 'revoked', PolicyDocument: policyText(deny) })
  for (const node of nodes) await assert.rejects(node.iam(session).listUsers({}), { name: /AccessDenied/ })

  // the machine's clock is set while the node runs: with the next answer of the store the node follows again
  machines[1]!.shift = -300_000
  await right!.omen.deps.directory.store.confirm([])
  assert.ok(Math.abs(right!.omen.deps.clock.now() - Date.now()) < 10_000)
})

test('a node says that its clock and that of the database differ, and when they agree again', async (t) => {
  const machine = new ShiftedClock()
  machine.shift = 120_000
  const lines: string[] = []
  const { nodes, close } = await openNodes([{ delay: () => 0 }], {
    clock: new FollowingClock(machine),
    complain: (error) => lines.push(String(error)),
  })
  t.after(close)
  await until(async () => lines.length === 1)
  assert.match(lines[0] ?? '', /^Notice: the clock of the database is 1[12]\d seconds behind this machine's/)
  machine.shift = 0
  await nodes[0]!.omen.deps.directory.store.confirm([])
  await until(async () => lines.length === 2)
  assert.match(lines[1] ?? '', /agree again$/)
})
