import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { EC2Client, RunInstancesCommand, type RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import { CreatePolicyCommand, IAMClient, PutUserPermissionsBoundaryCommand } from '@aws-sdk/client-iam'
import { DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import { openRefusal } from '../../packages/server/src/authorization/index.ts'
import { createOmen } from '../../packages/server/src/index.ts'
import { policyText } from '../kit/index.ts'
import { ec2Server, failure, type Statement } from './ec2-house.ts'

const hour = 60 * 60 * 1000
const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const

interface Matched {
  readonly [member: string]: unknown
}

/** A server, its STS, and the message of a denial there. */
async function deniedServer(...statements: readonly Statement[]) {
  const server = await ec2Server()
  const dev = server.omen.client(EC2Client, await server.user('dev', ...statements))
  const { message } = await failure(dev.send(new RunInstancesCommand(launch)))
  const encoded = message.split('Encoded authorization failure message: ')[1] ?? ''
  assert.match(encoded, /^[\w-]{40,}$/)
  const sts = server.omen.client(STSClient)
  const decode = async (EncodedMessage: string) => {
    const { DecodedMessage } = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }))
    return JSON.parse(DecodedMessage ?? '') as {
      explicitDeny: boolean
      matchedStatements: { items: Matched[] }
    }
  }
  return { server, encoded, decode }
}

describe('encoded authorization messages', () => {
  it('MSG-4 contain the statement that denied, with its conditions', async () => {
    const { server, encoded, decode } = await deniedServer(
      { Action: 'ec2:*' },
      {
        Sid: 'Small',
        Effect: 'Deny',
        Action: ['ec2:RunInstances', 'ec2:CreateVolume'],
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringEquals: { 'ec2:InstanceType': ['t3.micro', 't3.nano'] } },
      },
    )
    await using _ = server
    const { explicitDeny, matchedStatements } = await decode(encoded)
    assert.equal(explicitDeny, true)
    const [{ principals, ...statement } = {}, ...more] = matchedStatements.items
    assert.deepEqual(more, [])
    assert.match(JSON.stringify(principals), /^\{"items":\[\{"value":"AIDA[A-Z0-9]{17}"\}\]\}$/)
    const values = (...texts: readonly string[]) => ({ items: texts.map((value) => ({ value })) })
    assert.deepEqual(statement, {
      statementId: 'Small',
      effect: 'DENY',
      principalGroups: { items: [] },
      actions: values('ec2:RunInstances', 'ec2:CreateVolume'),
      resources: values('arn:aws:ec2:*:*:instance/*'),
      conditions: { items: [{ key: 'ec2:InstanceType', values: values('t3.micro', 't3.nano') }] },
    })
  })

  it('MSG-4 name no caller with the statement of a permissions boundary', async () => {
    const server = await ec2Server()
    await using _ = server
    const dev = server.omen.client(EC2Client, await server.user('dev', { Action: 'ec2:*' }))
    const iam = server.omen.client(IAMClient)
    const PolicyDocument = policyText({ Effect: 'Deny', Action: 'ec2:RunInstances', Resource: '*' })
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument }))
    await iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: 'dev', PermissionsBoundary: Policy?.Arn }),
    )
    const { message } = await failure(dev.send(new RunInstancesCommand(launch)))
    const EncodedMessage = message.split('Encoded authorization failure message: ')[1]
    const sts = server.omen.client(STSClient)
    const { DecodedMessage } = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }))
    assert.match(
      DecodedMessage ?? '',
      /"statementId":"","effect":"DENY","principals":\{"items":\[\{"value":"SCOPE_POLICY_ISSUER"\}\]\}/,
    )
  })

  it('MSG-5 are never longer than STS takes them', async () => {
    let texts = 0
    // what cannot be made much shorter
    const text = (length: number): string => {
      const part = createHash('sha512').update(`${++texts}`).digest('base64url')
      return length <= part.length ? part.slice(0, length) : part + text(length - part.length)
    }
    const Sid = 'TooMuch'
    const Tags = Array.from({ length: 49 }, () => ({ Key: text(120), Value: text(250) }))
    const tagged = { TagSpecifications: [{ ResourceType: 'instance' as const, Tags }] }
    const cases: [Partial<RunInstancesCommandInput>, string[]][] = [
      [{}, Array.from({ length: 30 }, () => `arn:aws:ec2:*:*:*${text(600)}`).concat('*')],
      [tagged, ['*']],
      [{ ...tagged, SecurityGroups: [text(12_000)] }, ['arn:aws:ec2:*:*:security-group/*']],
    ]
    for (const [input, resources] of cases) {
      await using server = await ec2Server()
      const deny = { Sid, Effect: 'Deny', Action: 'ec2:RunInstances' } as const
      const denying = { ...deny, Resource: resources }
      const dev = server.omen.client(EC2Client, await server.user('dev', { Action: '*' }, denying))
      const { message } = await failure(dev.send(new RunInstancesCommand({ ...launch, ...input })))
      const EncodedMessage = message.split('Encoded authorization failure message: ')[1] ?? ''
      assert.ok(EncodedMessage.length <= 10_240, `${EncodedMessage.length}`)
      const sts = server.omen.client(STSClient)
      const { DecodedMessage = '' } = await sts.send(
        new DecodeAuthorizationMessageCommand({ EncodedMessage }),
      )
      const { matchedStatements, context } = JSON.parse(DecodedMessage)
      assert.equal(matchedStatements.items[0].statementId, Sid)
      assert.equal(context.action, 'ec2:RunInstances')
    }
  })

  it('MSG-3, MSG-4 have no statement where nothing denied; foreign, altered and old ones do not open', async () => {
    const { server, encoded, decode } = await deniedServer()
    await using _ = server
    assert.deepEqual((await decode(encoded)).matchedStatements, { items: [] })
    const refused = async (message: string) =>
      assert.equal((await failure(decode(message))).name, 'InvalidAuthorizationMessageException', message)
    await using other = await createOmen({ randomSeed: 'other' })
    await refused(other.omen.deps.vault.seal('authorization-message', Buffer.from('x')).toString('base64url'))
    await refused(`${encoded.slice(0, 60)}\n${encoded.slice(60)}`)
    await refused(`${encoded}=`)
    await refused(encoded.slice(0, -1))
    await refused('x')

    const { vault, clock } = server.omen.omen.deps
    const now = clock.now()
    assert.ok(openRefusal(vault, encoded, now))
    assert.ok(openRefusal(vault, encoded, now + 23 * hour))
    assert.equal(openRefusal(vault, encoded, now + 24 * hour + 60_000), undefined)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=\n '
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(encoded[at] !== character)
        const altered = encoded.slice(0, at) + character + encoded.slice(at + 1)
        assert.equal(openRefusal(vault, altered, now), undefined)
      }),
      { numRuns: 3_000 },
    )
    fc.assert(
      fc.property(fc.nat(encoded.length * 6 - 1), (bit) => {
        const bytes = Buffer.from(encoded, 'base64url')
        fc.pre(bit < bytes.length * 8)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        assert.equal(openRefusal(vault, bytes.toString('base64url'), now), undefined)
      }),
      { numRuns: 3_000 },
    )
    server.omen.clock.advance(25 * hour)
    await refused(encoded)
  })
})
