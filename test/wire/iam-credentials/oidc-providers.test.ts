import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { bare, faultOf, openServer, trust } from '../iam/house.ts'

const { omen, iam, close } = await openServer()
after(close)

const arn = (url: string) => `arn:aws:iam::123456789012:oidc-provider/${url}`
const Url = 'https://token.example.com/realms/one'
const OpenIDConnectProviderArn = arn('token.example.com/realms/one')
const print = (digit: string) => digit.repeat(40)

describe('OpenID Connect providers', () => {
  test('created, shown without scheme, listed, deleted (CRED-81, CRED-82, CRED-84, CRED-85, CRED-86)', async () => {
    const before = omen.clock.now()
    const made = await iam.createOpenIDConnectProvider({
      Url,
      ClientIDList: ['b', 'a', 'b'],
      ThumbprintList: [print('a')],
      Tags: [{ Key: 'k', Value: 'v' }],
    })
    assert.deepEqual(bare(made), { OpenIDConnectProviderArn, Tags: [{ Key: 'k', Value: 'v' }] })
    const then = omen.clock.now()
    const { CreateDate, ...shown } = bare(await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn }))
    const createdAt = CreateDate?.getTime() ?? 0
    assert(before <= createdAt && createdAt <= then, 'to the millisecond')
    assert.deepEqual(shown, {
      Url: 'token.example.com/realms/one',
      ClientIDList: ['b', 'a'],
      ThumbprintList: [print('a')],
      Tags: [{ Key: 'k', Value: 'v' }],
    })
    assert.equal(
      await faultOf(iam.createOpenIDConnectProvider({ Url })),
      `EntityAlreadyExists 409: Provider with url ${Url} already exists.`,
    )
    await iam.createOpenIDConnectProvider({ Url: 'https://bare.example.com' })
    const plain = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn('bare.example.com') })
    assert.deepEqual([plain.ClientIDList, plain.ThumbprintList, plain.Tags], [[], [], []])
    assert.deepEqual(
      (await iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList?.map((each) => each.Arn),
      [arn('bare.example.com'), OpenIDConnectProviderArn],
    )
    const gone = { OpenIDConnectProviderArn: arn('bare.example.com') }
    await iam.deleteOpenIDConnectProvider(gone)
    await iam.deleteOpenIDConnectProvider(gone)
    assert.equal(
      await faultOf(iam.getOpenIDConnectProvider(gone)),
      `NoSuchEntity 404: OpenIDConnect Provider not found for arn ${gone.OpenIDConnectProviderArn}`,
    )
  })

  test('URLs that will not do (CRED-80)', async () => {
    for (const bad of [
      'http://a.example.com',
      'a.example.com',
      'https://',
      'https://a.example.com:8443',
      'https://a.example.com?tenant=1',
      'https://a.example.com#x',
      'https://user@a.example.com',
      'https://a.example.com/a b',
      'https://a.example.com:443',
      'https://a.example.com//b',
      'https://http://127.0.0.1:8080/x',
      'https://http:/127.0.0.1/x',
      'https://a.example.com\\@b.example.com',
    ]) {
      assert.equal(
        await faultOf(iam.createOpenIDConnectProvider({ Url: bad })),
        'ValidationError 400: Invalid Open ID Connect Provider URL',
        bad,
      )
    }
  })

  test('client ids and thumbprints have bounds (CRED-83)', async () => {
    await iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'c' })
    await iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'c' })
    await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'b' })
    await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'never' })
    const shown = () => iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn })
    assert.deepEqual((await shown()).ClientIDList, ['a', 'c'])
    const ids = Array.from({ length: 101 }, (_, n) => `id${n}`)
    const full = 'LimitExceeded 409: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100'
    const many = { Url: 'https://many.example.com' }
    assert.equal(await faultOf(iam.createOpenIDConnectProvider({ ...many, ClientIDList: ids })), full)
    await iam.createOpenIDConnectProvider({ ...many, ClientIDList: ids.slice(1) })
    const more = { OpenIDConnectProviderArn: arn('many.example.com'), ClientID: 'more' }
    assert.equal(await faultOf(iam.addClientIDToOpenIDConnectProvider(more)), full)

    const set = (ThumbprintList: string[]) =>
      iam.updateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList })
    await set(['1', '2', '3', '4', '5'].map(print))
    assert.equal((await shown()).ThumbprintList?.length, 5)
    assert.match(await faultOf(set(['1', '2', '3', '4', '5', '6'].map(print))), /^InvalidInput 400/)
    await set([print('g')])
    assert.deepEqual((await shown()).ThumbprintList, [print('g')])
    assert.match(await faultOf(set(['abc'])), /^ValidationError 400/)
    assert.equal(await faultOf(set([])), 'InvalidInput 400: Thumbprint list must contain at least one entry.')
    for (const absent of [
      iam.addClientIDToOpenIDConnectProvider({
        OpenIDConnectProviderArn: arn('none.example.com'),
        ClientID: 'c',
      }),
      iam.updateOpenIDConnectProviderThumbprint({
        OpenIDConnectProviderArn: arn('none.example.com'),
        ThumbprintList: [],
      }),
    ]) {
      assert.match(await faultOf(absent), /^NoSuchEntity 404/)
    }
  })

  test('tags', async () => {
    await iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags: [{ Key: 'k', Value: 'w' }] })
    assert.deepEqual((await iam.listOpenIDConnectProviderTags({ OpenIDConnectProviderArn })).Tags, [
      { Key: 'k', Value: 'w' },
    ])
    await iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn, TagKeys: ['k'] })
    assert.deepEqual((await iam.listOpenIDConnectProviderTags({ OpenIDConnectProviderArn })).Tags, [])
  })

  test('a trust policy names one that exists, or a public one (CRED-90)', async () => {
    const create = (RoleName: string, Federated: string) =>
      iam.createRole({
        RoleName,
        AssumeRolePolicyDocument: trust({ Federated }).replace(
          'sts:AssumeRole',
          'sts:AssumeRoleWithWebIdentity',
        ),
      })
    await create('one', OpenIDConnectProviderArn)
    await create('public', 'accounts.google.com')
    assert.equal(
      await faultOf(create('none', arn('none.example.com'))),
      `MalformedPolicyDocument 400: Invalid principal in policy: "FEDERATED":"${arn('none.example.com')}"`,
    )
  })
})

describe('trusted identity propagation', () => {
  test('a context provider and an instance are kept, changed one at a time, and removed in order (IAM-320)', async () => {
    const ask = async (Action: string, input: Readonly<Record<string, string>>) => {
      const body = new URLSearchParams({ Action, Version: '2010-05-08', ...input })
      const answer = await omen.as('admin').fetch(omen.endpoint, { method: 'POST', body, service: 'iam' })
      return (await answer.text()).replace(/\s+/g, ' ')
    }
    const OpenIDConnectProviderArn = arn('tip.example.com')
    await ask('CreateOpenIDConnectProvider', {
      Url: 'https://tip.example.com',
      'ContextProvider.SubjectSourceKey': 'sub',
      'ContextProvider.KeyDefinitionList.member.1.SourceKey': 'department',
    })
    const shown = async () =>
      /<ContextProvider>(.*)<\/ContextProvider>|<IdentityCenterInstanceArn>(.*)<\/IdentityCenterInstanceArn>/g
        [Symbol.match](await ask('GetOpenIDConnectProvider', { OpenIDConnectProviderArn }))
        ?.map((each) =>
          each
            .replace(/<[^>]+>/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        )
    const update = async (input: Readonly<Record<string, string>>) =>
      /<Code>(.*?)<\/Code>/.exec(
        await ask('UpdateOpenIDConnectProvider', { OpenIDConnectProviderArn, ...input }),
      )?.[1]
    assert.deepEqual(await shown(), ['sub department'])
    const instance = 'arn:aws:sso:::instance/ssoins-1234567890abcdef'
    assert.equal(await update({ IdentityCenterInstanceArn: instance }), undefined)
    assert.equal(await update({ 'ContextProvider.SubjectSourceKey': 'email' }), undefined)
    assert.deepEqual(await shown(), ['email', instance])
    for (const input of [
      { 'ContextProvider.SubjectSourceKey': 'a', RemoveContextProvider: 'true' },
      { IdentityCenterInstanceArn: instance, RemoveIdentityCenterInstance: 'true' },
      { 'ContextProvider.SubjectSourceKey': 'a', RemoveIdentityCenterInstance: 'true' },
      { RemoveContextProvider: 'true' },
    ])
      assert.equal(await update(input), 'InvalidInput', JSON.stringify(input))
    assert.equal(await update({ 'ContextProvider.SubjectSourceKey': 'a  b' }), 'ValidationError')
    assert.equal(await update({ OpenIDConnectProviderArn: arn('none.example.com') }), 'NoSuchEntity')
    assert.equal(await update({ RemoveIdentityCenterInstance: 'true' }), undefined)
    assert.equal(await update({ RemoveContextProvider: 'true' }), undefined)
    assert.equal(await shown(), undefined)
  })
})
