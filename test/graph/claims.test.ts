import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readWorld,
  withClaims,
} from '../../packages/server/src/graph/index.ts'
import { account, allow, deny, detailsOf, roleArn, type Statement } from './account-file.ts'

const issuer = 'token.actions.githubusercontent.com'
const github = `arn:aws:iam::${account}:oidc-provider/${issuer}`
const corp = `arn:aws:iam::${account}:saml-provider/corp`
const withWeb = 'sts:AssumeRoleWithWebIdentity'
const sub = (value: string) => ({ StringEquals: { [`${issuer}:sub`]: value } })
const red = { StringEquals: { 'aws:PrincipalTag/team': 'red' } }
const bearers = (
  Action: string | readonly string[] = [withWeb, 'sts:TagSession'],
  Condition?: object,
  Federated = github,
) => ({ Effect: 'Allow', Principal: { Federated }, Action, ...(Condition && { Condition }) })
const app = (
  Condition?: object,
  Action: string | readonly string[] = ['sts:AssumeRole', 'sts:TagSession'],
) => ({
  Effect: 'Allow',
  Principal: { AWS: roleArn('app') },
  Action,
  ...(Condition && { Condition }),
})

/** The session itself may pass no tag: what counts is what it was given. */
const notPassed = { Null: { 'aws:RequestTag/team': 'true' } }

/** An account in which a token leads to the role app, and app perhaps to boss. */
function graphFor(
  trust: Statement,
  statements: readonly Statement[],
  next?: Statement,
  providers?: unknown,
): Graph {
  const roles = {
    app: { trust: [trust], statements },
    ...(next === undefined ? {} : { boss: { trust: [next], statements: [allow('*')] } }),
  }
  const inventory = readInventory({
    resources: [],
    accessKeys: {},
    ...(providers === undefined ? {} : { identityProviders: providers }),
  })
  return graphOf(readWorld({ details: detailsOf({ roles }), inventory }), techniqueTable())
}

/** The verdict, and the conditions that are left. */
function answer(graph: Graph, claims?: object, isComplete = true, from = github): string {
  const outsider = graph.findOutsider(from)!
  const start = claims === undefined ? outsider : withClaims(outsider, { ...claims }, isComplete)
  const { verdict: found, residual } = graph.paths(start)
  const verdict = /^(?:none|blocked)$/.test(found) ? 'no' : found
  const left = residual.map(({ key, values }) => `${key.replace(issuer, '')}=${values.join('|')}`)
  return [verdict, ...left.sort()].join(' ')
}

const small = [allow('s3:ListAllMyBuckets')]

describe('transitive tags of a token', () => {
  test('count in the session of the next role', () => {
    const left = 'conditional :sub=* aws:RequestTag/team=red sts:TransitiveTagKeys=team'
    assert.equal(answer(graphFor(bearers(), small, app(red))), 'conditional :sub=* aws:PrincipalTag/team=red')
    const boss = (statements: readonly Statement[], trust = app(notPassed)) => {
      const roles = {
        app: { trust: [bearers()], statements: small },
        boss: { trust: [trust], statements },
      }
      const inventory = readInventory({ resources: [], accessKeys: {} })
      return graphOf(readWorld({ details: detailsOf({ roles }), inventory }), techniqueTable())
    }
    assert.equal(answer(boss([allow('*', '*', red)])), left)
    // Each role of the chain must let them be passed.
    assert.equal(answer(boss([allow('*', '*', red)], app(notPassed, 'sts:AssumeRole'))), 'no')
    assert.equal(answer(boss([allow('*', '*', red), deny('*', '*', red)])), 'no')
  })

  test('do not come with a token whose role does not let tags be passed', () => {
    const roles = {
      app: { trust: [bearers(withWeb)], statements: small },
      boss: { trust: [app(notPassed)], statements: [allow('*', '*', red)] },
    }
    const graph = graphOf(readWorld({ details: detailsOf({ roles }) }), techniqueTable())
    assert.equal(answer(graph), 'no')
  })

  test('are what a trust policy may ask for', () => {
    const asks = { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['team'] } }
    const trust = [bearers(withWeb), bearers('sts:TagSession', asks)]
    const roles = {
      app: { trust, statements: small },
      boss: { trust: [app(notPassed)], statements: [allow('*', '*', red)] },
    }
    const inventory = readInventory({ resources: [], accessKeys: {} })
    const graph = graphOf(readWorld({ details: detailsOf({ roles }), inventory }), techniqueTable())
    assert.equal(answer(graph), 'conditional :sub=* aws:RequestTag/team=red sts:TransitiveTagKeys=team')
  })
})

const web = { aud: 'sts.amazonaws.com', sub: 'repo:acme/web:ref:refs/heads/main' }
const tags = (principal_tags: object, transitive_tag_keys: readonly string[] = []) => ({
  'https://aws.amazon.com/tags': { principal_tags, transitive_tag_keys },
})

describe('a start that states its claims', () => {
  test('meets the conditions that its token meets, and no others', () => {
    const like = { StringLike: { [`${issuer}:sub`]: 'repo:acme/*' } }
    assert.equal(answer(graphFor(bearers(withWeb, like), [allow('*')]), web), 'proven')
    assert.equal(answer(graphFor(bearers(withWeb, sub('repo:acme/api')), [allow('*')]), web), 'no')
    const main = { StringEquals: { [`${issuer}:ref`]: 'refs/heads/main' } }
    assert.equal(answer(graphFor(bearers(withWeb, main), [allow('*')]), web), 'no')
    assert.equal(
      answer(graphFor(bearers(withWeb, main), [allow('*')]), { ...web, ref: 'refs/heads/main' }),
      'proven',
    )
    assert.equal(answer(graphFor(bearers(withWeb), [allow('*', '*', sub(web.sub))]), web), 'proven')
    assert.equal(answer(graphFor(bearers(withWeb), [allow('*'), deny('*', '*', sub(web.sub))]), web), 'no')
  })

  test('leaves claims open that are not stated, if they are not complete', () => {
    const both = { StringEquals: { [`${issuer}:sub`]: web.sub, [`${issuer}:aud`]: 'sts.amazonaws.com' } }
    const graph = graphFor(bearers(withWeb, both), [allow('*')])
    assert.equal(answer(graph, { sub: web.sub }, false), 'conditional :aud=sts.amazonaws.com')
    assert.equal(answer(graph, { sub: 'repo:acme/api' }, false), 'no')
    assert.equal(answer(graph, web), 'proven')
  })

  test('has the audience that the provider takes', () => {
    const providers = [{ arn: github, clientIds: ['sts.amazonaws.com'] }]
    const graph = graphFor(bearers(withWeb, sub(web.sub)), [allow('*')], undefined, providers)
    assert.equal(answer(graph, web), 'proven')
    assert.equal(answer(graph, { ...web, aud: 'other' }), 'no')
    assert.equal(answer(graph, { sub: web.sub }, false), 'conditional :aud=sts.amazonaws.com')
  })

  test('brings its tags and its source identity, which every role must let it bring', () => {
    const toApp = graphFor(bearers(), [allow('*', '*', red)])
    assert.equal(answer(toApp, web), 'no')
    assert.equal(answer(toApp, { ...web, ...tags({ team: ['red'] }) }), 'proven')
    assert.equal(answer(toApp, { ...web, ...tags({ team: ['blue'] }) }), 'no')
    assert.equal(answer(graphFor(bearers(withWeb), [allow('*')]), { ...web, ...tags({ team: 'red' }) }), 'no')
    const toBoss = (trust: Statement) => {
      const roles = {
        app: { trust: [bearers()], statements: small },
        boss: { trust: [trust], statements: [allow('*', '*', red)] },
      }
      return graphOf(readWorld({ details: detailsOf({ roles }) }), techniqueTable())
    }
    const passed = { ...web, ...tags({ team: 'red' }, ['team']) }
    assert.equal(answer(toBoss(app(notPassed)), passed), 'proven')
    assert.equal(answer(toBoss(app(notPassed, 'sts:AssumeRole')), passed), 'no')
    assert.equal(answer(toBoss(app(notPassed)), { ...web, ...tags({ team: 'red' }) }), 'no')
    const identity = { ...web, 'https://aws.amazon.com/source_identity': 'ann' }
    assert.equal(answer(graphFor(bearers(), [allow('*')]), identity), 'no')
    const sets = bearers([withWeb, 'sts:SetSourceIdentity'])
    assert.equal(answer(graphFor(sets, [allow('*')]), identity), 'proven')
  })

  test('may be a user of SAML', () => {
    const saml = bearers(
      ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
      { StringEquals: { 'SAML:sub': 'ann' } },
      corp,
    )
    const graph = graphFor(saml, [allow('*', '*', red)])
    const attributes = { 'https://aws.amazon.com/SAML/Attributes/PrincipalTag:team': 'red' }
    assert.equal(answer(graph, { sub: 'ann', ...attributes }, true, corp), 'proven')
    assert.equal(answer(graph, { sub: 'bob', ...attributes }, true, corp), 'no')
    assert.equal(answer(graph, { sub: 'ann' }, true, corp), 'no')
  })

  test('opens no role but those that it names, and none that asks for being named otherwise (STS-138)', () => {
    const roles = 'https://aws.amazon.com/roles'
    const said = { sub: 'x' }
    const plain = graphFor(bearers(), [allow('*')])
    assert.match(answer(plain, { ...said, [roles]: roleArn('app') }), /^proven/)
    assert.equal(answer(plain, { ...said, [roles]: roleArn('boss') }), 'no')
    const asking = graphFor(bearers(withWeb, { Bool: { 'sts:RoleAuthorizedByIdp': 'true' } }), [allow('*')])
    assert.match(answer(asking, { ...said, [roles]: [roleArn('boss'), roleArn('app')] }), /^proven/)
    assert.equal(answer(asking, said), 'no')
    assert.match(answer(asking, said, false), /^conditional .*sts:RoleAuthorizedByIdp=true/)
    assert.match(answer(asking), /^conditional .*sts:RoleAuthorizedByIdp=true/)
  })

  test('is another start than one with other claims', () => {
    const graph = graphFor(bearers(withWeb, sub(web.sub)), [allow('*')])
    assert.equal(answer(graph, web), 'proven')
    assert.equal(answer(graph, { ...web, sub: 'repo:acme/api' }), 'no')
    assert.equal(answer(graph), `conditional :sub=${web.sub}`)
  })

  test('must have one value for each tag', () => {
    const outsider = graphFor(bearers(), [allow('*')]).findOutsider(github)!
    assert.throws(
      () => withClaims(outsider, { ...web, ...tags({ team: ['a', 'b'] }) }, true),
      /team must have one value/,
    )
    assert.throws(() => withClaims(outsider, { ...web, ...tags({}, ['team']) }, true), /team has no value/)
  })
})

describe('claims that STS does not read', () => {
  test('meet no condition: only those that AWS lists are condition keys (STS-85)', () => {
    const own = { StringEquals: { [`${issuer}:head_ref`]: 'main' } }
    assert.equal(answer(graphFor(bearers(withWeb, own), [allow('*')])), 'no')
    const listed = { StringEquals: { [`${issuer}:environment`]: 'prod' } }
    assert.equal(answer(graphFor(bearers(withWeb, listed), [allow('*')])), 'conditional :environment=prod')
  })

  test('are in no request of a session without a token', () => {
    const roles = { app: { trust: { AWS: '*' }, statements: [allow('*'), deny('*', '*', sub('x'))] } }
    const users = { dev: { statements: [allow('sts:AssumeRole')] } }
    const graph = graphOf(readWorld({ details: detailsOf({ users, roles }) }), techniqueTable())
    assert.equal(graph.paths(graph.find('dev')!).verdict, 'proven')
  })
})
