import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld } from '../../packages/server/src/graph/index.ts'
import { account, allow, deny, detailsOf, roleArn, type Statement } from './account-file.ts'

const issuer = 'token.actions.githubusercontent.com'
const github = `arn:aws:iam::${account}:oidc-provider/${issuer}`
const saml = `arn:aws:iam::${account}:saml-provider/corp`
const sub = (value: string) => ({ StringEquals: { [`${issuer}:sub`]: value } })

function bearers(Condition?: object, Action: string | readonly string[] = 'sts:AssumeRoleWithWebIdentity') {
  return { Effect: 'Allow', Principal: { Federated: github }, Action, ...(Condition && { Condition }) }
}

interface Given {
  readonly trust: Statement
  readonly statements: readonly Statement[]
  readonly tags?: Readonly<Record<string, string>>
  readonly providers?: readonly unknown[]
  /** A role after the first one. */
  readonly next?: Statement
  readonly from?: string
}

/** The verdict of a token's bearer for an administrator, and the conditions that are left: keys with their values. */
function answer({ trust, statements, tags = {}, providers, next, from = github }: Given): string {
  const roles = {
    app: { trust: [trust], statements, tags },
    ...(next === undefined ? {} : { boss: { trust: [next], statements: [allow('*')] } }),
  }
  const inventory = readInventory({
    resources: [],
    accessKeys: {},
    ...(providers === undefined ? {} : { identityProviders: providers }),
  })
  const graph = graphOf(readWorld({ details: detailsOf({ roles }), inventory }), techniqueTable())
  const { verdict, residual } = graph.paths(graph.findOutsider(from)!)
  const left = residual.map(({ key, values }) => `${key.replace(issuer, '')}=${values.join('|')}`)
  return [verdict, ...left.sort()].join(' ')
}

describe('what a token says in the policies of the role that it assumed', () => {
  test('a condition on a claim is left over', () => {
    assert.equal(
      answer({ trust: bearers(), statements: [allow('*', '*', sub('repo:acme/web'))] }),
      'conditional :sub=* :sub=repo:acme/web',
    )
  })

  test('the trust policy and the policies of the role speak of one token', () => {
    const trust = bearers(sub('repo:acme/web'))
    const statements = (value: string) => [allow('*', '*', sub(value))]
    assert.equal(answer({ trust, statements: statements('repo:acme/web') }), 'conditional :sub=repo:acme/web')
    assert.equal(answer({ trust, statements: statements('repo:acme/api') }), 'blocked')
    const refused = [allow('*'), deny('*', '*', sub('repo:acme/web'))]
    assert.notEqual(answer({ trust, statements: refused }).split(' ')[0], 'conditional')
  })

  test('a step after it depends on the token', () => {
    const next = { Effect: 'Allow', Principal: { AWS: roleArn('app') }, Action: 'sts:AssumeRole' }
    const trust = bearers(sub('repo:acme/web'))
    const asks = (condition: object) => ({ ...next, Condition: condition })
    const given = { trust, statements: [allow('s3:ListAllMyBuckets')] }
    assert.equal(answer({ ...given, next: asks(sub('repo:acme/web')) }), 'conditional :sub=repo:acme/web')
    assert.equal(answer({ ...given, next: asks(sub('repo:acme/api')) }), 'blocked')
    const provider = (value: string) => ({ StringEquals: { 'aws:FederatedProvider': value } })
    assert.equal(answer({ ...given, next: asks(provider(github)) }), 'conditional :sub=repo:acme/web')
    assert.equal(answer({ ...given, next: asks(provider(saml)) }), 'none')
  })

  test('session tags of the token count if the trust policy lets them be passed', () => {
    const red = { StringEquals: { 'aws:PrincipalTag/team': 'red' } }
    const statements = [allow('*', '*', red)]
    const tagging = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']
    const trust = (Action?: readonly string[]) => bearers(sub('repo:acme/web'), Action)
    assert.equal(answer({ trust: trust(), statements }), 'none')
    assert.equal(
      answer({ trust: trust(tagging), statements }),
      'conditional :sub=repo:acme/web aws:PrincipalTag/team=red',
    )
    assert.equal(
      answer({ trust: trust(tagging), statements, tags: { team: 'red' } }),
      'conditional :sub=repo:acme/web',
    )
    assert.equal(
      answer({ trust: trust(tagging), statements, tags: { team: 'blue' } }),
      'conditional :sub=repo:acme/web aws:PrincipalTag/team=red',
    )
  })

  test('an assertion of SAML has its own keys, and no provider', () => {
    const trust = { Effect: 'Allow', Principal: { Federated: saml }, Action: 'sts:AssumeRoleWithSAML' }
    const given = { trust, from: saml }
    const named = { StringEquals: { 'saml:sub': 'ann' } }
    assert.equal(
      answer({ ...given, statements: [allow('*', '*', named)] }),
      'conditional SAML:sub=* saml:sub=ann',
    )
    const provider = { StringEquals: { 'aws:FederatedProvider': saml } }
    assert.equal(answer({ ...given, statements: [allow('*', '*', provider)] }), 'none')
  })

  test('an assertion is sent to the endpoint of a region, or to that of none [STS-137]', () => {
    const verdictOf = (endpoint: string, operator = 'StringEquals'): string => {
      const Condition = { [operator]: { 'SAML:aud': endpoint } }
      const trust = {
        Effect: 'Allow',
        Principal: { Federated: saml },
        Action: 'sts:AssumeRoleWithSAML',
        Condition,
      }
      return answer({ trust, from: saml, statements: [allow('*')] })
    }
    assert.equal(verdictOf('https://signin.aws.amazon.com/saml'), 'conditional SAML:sub=*')
    assert.equal(verdictOf('https://eu-west-1.signin.aws.amazon.com/saml'), 'conditional SAML:sub=*')
    assert.equal(verdictOf('https://signin.example.com/saml'), 'none')
    const own = 'https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPEXAMPLE'
    assert.equal(verdictOf(own), `conditional SAML:aud=${own} SAML:sub=*`)
    assert.equal(verdictOf('https://eu-west-1.signin.aws.amazon.com/saml/SAMLSPEXAMPLE'), 'none')
    const every = 'https://*.signin.aws.amazon.com/saml/acs/*'
    assert.equal(
      verdictOf(every, 'StringLike'),
      'conditional SAML:aud=https://*.signin.aws.amazon.com/saml/acs/* SAML:sub=*',
    )
    assert.equal(verdictOf('https://*.signin.aws.amazon.com/saml*', 'StringLike'), 'conditional SAML:sub=*')
  })

  test('the next session has nothing of the token', () => {
    const next = { Effect: 'Allow', Principal: { AWS: roleArn('app') }, Action: 'sts:AssumeRole' }
    const boss = { trust: [next], statements: [allow('*', '*', sub('repo:acme/web'))] }
    const app = { trust: [bearers()], statements: [allow('s3:ListAllMyBuckets')] }
    const details = detailsOf({ roles: { app, boss } })
    const inventory = readInventory({ resources: [], accessKeys: {} })
    const graph = graphOf(readWorld({ details, inventory }), techniqueTable())
    assert.equal(graph.paths(graph.findOutsider(github)!).verdict, 'none')
  })

  test('the audience is one of the client ids of the provider, if the inventory says them', () => {
    const providers = [{ arn: github, clientIds: ['sts.amazonaws.com'] }]
    const statements = [allow('*')]
    const aud = (value: string) => ({
      StringEquals: { [`${issuer}:aud`]: value, [`${issuer}:sub`]: 'repo:acme/web' },
    })
    const left = 'conditional :aud=sts.amazonaws.com :sub=repo:acme/web'
    assert.equal(answer({ trust: bearers(sub('repo:acme/web')), statements, providers }), left)
    assert.equal(answer({ trust: bearers(aud('sts.amazonaws.com')), statements, providers }), left)
    assert.equal(answer({ trust: bearers(aud('other')), statements, providers }), 'none')
    assert.equal(
      answer({ trust: bearers(aud('other')), statements, providers: [github] }),
      'conditional :aud=other :sub=repo:acme/web',
    )
  })
})

test('GRD-728 a path is shown once where session tags lead no further', () => {
  const condition = { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }
  const trust = bearers(condition, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'])
  const roles = { app: { trust: [trust], statements: [allow('*')] } }
  const graph = graphOf(readWorld({ details: detailsOf({ roles }) }), techniqueTable())
  const { paths } = graph.paths(graph.findOutsider(github)!)
  const actions = paths.map(({ steps: [first] }) =>
    first?.proof !== undefined && 'witness' in first.proof
      ? first.proof.witness.requests.map(({ action }) => action)
      : [],
  )
  assert.deepEqual(actions, [['sts:AssumeRoleWithWebIdentity']])
})
