import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  IAM,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import { authorizationIdOf, requestIdOf } from '../../packages/server/src/authorization/index.ts'
import { type ClientCredentials, createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { policyText } from '../kit/index.ts'
import { details } from './iam-toolbox-client.ts'

const user = (name: string) => `arn:aws:iam::123456789012:user/${name}`
const suffix =
  /\. Go to https:\/\/us-east-1\.console\.aws\.amazon\.com\/iam\/home\?region=us-east-1#\/authorization-details\/([0-9a-z]{25}) for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: \1$/

/** A user with a key and one inline policy. */
async function made(
  omen: RunningOmen,
  UserName: string,
  ...Statement: readonly object[]
): Promise<ClientCredentials> {
  const admin = omen.client(IAMClient)
  await admin.send(new CreateUserCommand({ UserName }))
  const PolicyDocument = policyText(...Statement)
  await admin.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
  const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
}

async function deniedMessage(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Error && error.name === 'AccessDenied', String(error))
  return error.message
}

describe('GetRequestAuthorizationDetails', () => {
  it('RSN-7, RSN-8, RSN-9 shows what decided a denial, also when its policy is gone', async () => {
    await using omen = await createOmen()
    const admin = omen.client(IAMClient)
    const dev = await made(
      omen,
      'dev',
      { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
      { Sid: 'NoGet', Effect: 'Deny', Action: 'iam:GetUser', Resource: user('dev') },
    )
    const reader = await made(omen, 'reader', {
      Effect: 'Allow',
      Action: 'iam:GetRequestAuthorizationDetails',
      Resource: '*',
    })
    const message = await deniedMessage(
      omen.client(IAMClient, dev).send(new GetUserCommand({ UserName: 'dev' })),
    )
    assert.match(message, suffix)
    const id = suffix.exec(message)?.[1] ?? ''
    await admin.send(new DeleteUserPolicyCommand({ UserName: 'dev', PolicyName: 'own' }))

    const { status, body } = await details(omen, reader, id)
    assert.equal(status, 200, JSON.stringify(body))
    const { requestContext, evaluations, policies } = body as unknown as {
      requestContext: Record<string, unknown>
      evaluations: Record<string, unknown>[]
      policies: { uri: string }[]
    }
    assert.equal(requestContext['aws:username'], 'dev')
    assert.equal(requestContext['aws:PrincipalArn'], user('dev'))
    assert.equal(requestContext['aws:SourceIp'], '127.0.0.1')
    assert.match(policies[0]?.uri ?? '', /^[0-9a-f]{32}$/)
    assert.deepEqual(policies, [
      {
        type: 'IDENTITY_BASED_POLICY',
        inline: true,
        uri: policies[0]?.uri,
        attachedTo: [{ arn: user('dev') }],
      },
    ])
    assert.deepEqual(evaluations, [
      {
        action: 'iam:GetUser',
        resource: user('dev'),
        context: { 'aws:ResourceAccount': '123456789012' },
        evaluatedEffect: 'EXPLICIT_DENY',
        matchedPolicies: [
          {
            uri: policies[0]?.uri,
            matchedStatements: [
              { sid: 'Statement1', evaluatedEffect: 'ALLOW' },
              { sid: 'NoGet', evaluatedEffect: 'DENY' },
            ],
          },
        ],
      },
    ])

    const refused = await details(omen, dev, id)
    assert.deepEqual([refused.status, refused.error], [403, 'AccessDeniedException'])
    const missing = await details(omen, reader, '0'.repeat(25))
    assert.deepEqual([missing.status, missing.error], [404, 'ResourceNotFoundException'])
    for (const bad of ['ABC', 'a-b', `${id}?nextToken=x`]) {
      const [name = '', query] = bad.split('?')
      const wrong = await details(omen, reader, name, query === undefined ? '' : `?${query}`)
      assert.deepEqual([wrong.status, wrong.error], [400, 'ValidationException'], bad)
    }
  })

  it('RSN-7 shows a group’s policy as the group’s', async () => {
    await using omen = await createOmen()
    const admin = omen.client(IAM)
    const dev = await made(omen, 'dev', { Effect: 'Allow', Action: 's3:*', Resource: '*' })
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    await admin.createGroup({ GroupName: 'devs', Path: '/team/' })
    await admin.addUserToGroup({ GroupName: 'devs', UserName: 'dev' })
    await admin.attachGroupPolicy({ GroupName: 'devs', PolicyArn })
    await admin.attachUserPolicy({ UserName: 'dev', PolicyArn })
    const PolicyDocument =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    await admin.putGroupPolicy({ GroupName: 'devs', PolicyName: 'theirs', PolicyDocument })
    await deniedMessage(omen.client(IAMClient, dev).send(new CreateUserCommand({ UserName: 'other' })))
    const id = authorizationIdOf(omen.omen.deps.decisions.lastDenial()!.call.id)
    const { body } = await details(omen, omen.keys.admin, id)
    const { policies } = body as unknown as { policies: { inline: boolean; attachedTo: { arn: string }[] }[] }
    const group = 'arn:aws:iam::123456789012:group/team/devs'
    assert.deepEqual(
      policies.map(({ inline, attachedTo }) => [inline, ...attachedTo.map(({ arn }) => arn)]),
      [
        [true, user('dev')],
        [false, user('dev'), group],
        [true, group],
      ],
    )
  })

  it('RSN-7, RSN-13 names no policy of a resource that is not there', async () => {
    await using omen = await createOmen()
    const dev = await made(omen, 'dev', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })
    const sts = omen.client(STSClient, dev)
    const RoleArn = 'arn:aws:iam::123456789012:role/none'
    await deniedMessage(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run' })))
    const id = authorizationIdOf(omen.omen.deps.decisions.lastDenial()!.call.id)
    const { body } = await details(omen, omen.keys.admin, id)
    const { policies } = body as unknown as { policies: { type: string }[] }
    assert.deepEqual(
      policies.map(({ type }) => type),
      ['IDENTITY_BASED_POLICY'],
    )
  })

  it('RSN-8 a house that is told so says nothing of it', async () => {
    await using omen = await createOmen({ authorizationIds: false })
    const dev = await made(omen, 'dev', { Effect: 'Allow', Action: 's3:*', Resource: '*' })
    const message = await deniedMessage(
      omen.client(IAMClient, dev).send(new GetUserCommand({ UserName: 'dev' })),
    )
    assert.match(message, /allows the iam:GetUser action$/)
  })

  it('RSN-8 an id is the request’s id in another spelling', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const id = authorizationIdOf(uuid)
        assert.match(id, /^[0-9a-z]{25}$/)
        assert.equal(requestIdOf(id), uuid)
      }),
    )
    assert.equal(requestIdOf('z'.repeat(25)), undefined)
    assert.equal(requestIdOf('d-1'), undefined)
  })
})
