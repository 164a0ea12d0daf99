import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type PolicyKind, parsePolicy } from '@omen-iam/policy'
import {
  managedPolicies,
  passRoleRows,
  passRoleRowsOf,
  passRoleTable,
  serviceLinkedRoles,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  accountsInPrincipals,
  actionsLike,
  appliesTo,
  authorizationIdOf,
  bindPrincipals,
  type Call,
  catalogueFindings,
  customerPolicy,
  effectivePolicy,
  isBoundByRcps,
  isServicePrincipal,
  isUniqueId,
  meantAction,
  requestIdOf,
  resourcesLike,
  shownPrincipal,
  shownPrincipals,
  unknownAction,
  valueTypeOf,
} from '../../packages/server/src/authorization/index.ts'
import { checkCorpus } from '../corpus/index.ts'
import { pay, world } from './accounts.ts'
import { callOf } from './callers.ts'

const json = (value: unknown) => JSON.stringify(value) ?? 'undefined'

/** A policy of statements that allow everything, with their changes; null removes an element. */
function policyOf(kind: PolicyKind, version: string, changes: string) {
  const statements = [JSON.parse(changes)].flat().map((change: object) => {
    const whole = { Effect: 'Allow', Action: '*', ...(kind === 'trust' ? {} : { Resource: '*' }), ...change }
    return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null))
  })
  const text = json({ Version: version, Statement: statements })
  const parsed = parsePolicy(text, kind, { lenient: true })
  if (!parsed.ok) throw new Error(`${kind} ${changes}: ${json(parsed)}`)
  return { text, policy: parsed.policy }
}

test('what the catalogue of services says of a policy', () =>
  checkCorpus(join(import.meta.dirname, 'lints.txt'), (input) => {
    const [, kind, older, changes = ''] = /^(\w+)(\/2008)? (.*)$/.exec(input) ?? []
    const version = older === undefined ? '2012-10-17' : '2008-10-17'
    const { text, policy } = policyOf(kind as PolicyKind, version, changes)
    const findings = catalogueFindings(policy).map(({ class: of, code, path, message, span }) => {
      const covered = text.slice(span.start.offset, span.end.offset)
      return `${of} ${code} ${path.join('.')} ‹${covered.length > 60 ? `${covered.slice(0, 57)}…` : covered}› ${message}`
    })
    return findings.length > 20
      ? [...findings.slice(0, 3), `${findings.length} findings`]
      : findings.length === 0
        ? ['nothing']
        : findings
  }))

test('what the catalogue says of names, and of the principals of a document', () => {
  const accounts = world()
  const call = callOf('alice', 'iam:GetUser', accounts)
  const says: Readonly<Record<string, (one: string, other: string) => unknown>> = {
    actions: (pattern) => {
      const found = actionsLike(pattern)
      return found.length > 12 ? [...found.slice(0, 3), found.length > 100 ? 'many' : found.length] : found
    },
    resources: (action) => resourcesLike(action),
    meant: (action) => meantAction(action),
    unknown: (pattern) => unknownAction(pattern),
    type: (key) => valueTypeOf(key),
    applies: (action, resource) => appliesTo(action, resource),
    service: (name) => isServicePrincipal(name),
    rcp: (action) => isBoundByRcps(action),
    id: (id) => authorizationIdOf(id),
    request: (id) => requestIdOf(id),
    policy: (arn) => {
      const found = effectivePolicy(accounts.account(pay), arn)
      const { document, ...rest } = { document: '', ...found }
      return [
        rest,
        document.length > 200 ? 'long' : document,
        customerPolicy(accounts.account(pay), arn)?.name,
      ]
    },
    principal: (value) => shownPrincipal(value, call),
    bind: (principal) => {
      const { text, policy } = policyOf(
        'trust',
        '2012-10-17',
        `{"Principal":${principal},"Action":"sts:AssumeRole"}`,
      )
      const bound = bindPrincipals(text, policy, call)
      const named = (from: string) => /"Principal":(.*)\}\]\}$/.exec(from)?.[1]
      return [
        'bound' in bound ? named(bound.bound) : bound,
        accountsInPrincipals(text, 'trust'),
        'bound' in bound
          ? named(shownPrincipals(bound.bound, 'trust', call))
          : named(shownPrincipals(text, 'trust', call)),
      ]
    },
  }
  checkCorpus(join(import.meta.dirname, 'names.txt'), (input) => {
    const [, verb = '', one = '', other = ''] = /^(\w+) (\{.*|\S*) ?(\S*)$/.exec(input) ?? []
    return [json(says[verb]!(one, other))]
  })
})

test('an account is looked for by a unique id alone', () => {
  const accounts = world()
  const call = callOf('alice', 'iam:GetUser', accounts)
  const known = () => {
    throw new Error('looked for')
  }
  const careful = {
    ...call,
    house: { ...call.house, directory: { ...call.house.directory, known } },
  } as unknown as Call
  for (const text of ['AXXAGO6XUA4OAASTRANGE', 'AIDAGO6XUA4OAASTRANGEX', 'AIDAGO6XUA4OAASTRANG1'])
    assert.equal(shownPrincipal(text, careful), text)
  assert.throws(() => shownPrincipal('AIDAGO6XUA4OAASTRANGE', careful))
  const [alice, other] = ['AIDAAAAAAAAAAAAAALICE', 'AXXAGO6XUA4OAASTRANGE']
  const principal = (AWS: readonly string[]) =>
    json({ AWS, Service: 'AIDAAAAAAAAAAAAAALICE', Federated: 'AIDAGO6XUA4OAASTRANGE' })
  const { text } = policyOf('trust', '2012-10-17', `{"Principal":${principal([alice, other])}}`)
  const named = `arn:aws:iam::${pay}:user/people/Alice`
  assert.ok(shownPrincipals(text, 'trust', careful).includes(principal([named, other])))
})

test('a managed policy of AWS has its times, and whether anybody may attach it', () => {
  const find = (pathAndName: string) => {
    const { createdAt, updatedAt, attachable, defaultVersion, id } = managedPolicies().find(
      `arn:aws:iam::aws:policy/${pathAndName}`,
    )!
    return [new Date(createdAt).toISOString(), updatedAt > createdAt, attachable, defaultVersion > 'v1', id]
  }
  assert.deepEqual(find('AdministratorAccess'), [
    '2015-02-06T18:39:46.000Z',
    false,
    true,
    false,
    'ANPAIWMBCKSKIEE64ZLYK',
  ])
  assert.deepEqual(find('aws-service-role/AWSSupportServiceRolePolicy'), [
    '2018-04-19T18:04:44.000Z',
    true,
    false,
    true,
    'ANPAZKAPJZG4OEYRT7R5C',
  ])
  const { updatedAt } = managedPolicies().find('arn:aws:iam::aws:policy/AdministratorAccess')!
  assert.equal(new Date(updatedAt).toISOString(), '2015-02-06T18:39:46.000Z')
  assert.equal(managedPolicies(), managedPolicies('aws'))
  // the documents are cut out of sections: each is whole
  for (const [index, { document }] of managedPolicies().list().entries())
    if (index % 41 === 0 || index < 3) assert.equal(JSON.parse(document).Version, '2012-10-17')
  const lambda = 'policy/AWSLambda_FullAccess'
  const text = (partition: string) =>
    managedPolicies(partition).find(`arn:${partition}:iam::aws:${lambda}`)!.document
  assert.match(text('aws'), /"arn:aws:logs:/)
  assert.match(text('aws-cn'), /"arn:aws-cn:logs:/)
  assert.doesNotMatch(text('aws-cn'), /arn:aws:/)
})

test('a service-linked role has its path, and a description if one is known', () => {
  const described = [...serviceLinkedRoles().values()].filter(({ description }) => description !== undefined)
  assert.ok(described.length > 0)
  for (const { service, path } of serviceLinkedRoles().values())
    assert.equal(path, `/aws-service-role/${service}/`)
})

test('the principals that a role may be passed to are in order, each once', () => {
  assert.deepEqual([passRoleRowsOf('nothing'), passRoleRows('nothing', 'x')], [[], []])
  for (const rows of passRoleTable().values())
    for (const { passedTo } of rows) assert.deepEqual(passedTo, [...new Set(passedTo)].toSorted())
})

test('a unique id is whole', () => {
  assert.equal(isUniqueId('AIDAAAAAAAAAAAAAALICE'), true)
  for (const text of ['xAIDAAAAAAAAAAAAAALICE', 'AIDAAAAAAAAAAAAAALICEX', 'AIDAAAAAAAAAAAAAALIC1', ''])
    assert.equal(isUniqueId(text), false)
})
