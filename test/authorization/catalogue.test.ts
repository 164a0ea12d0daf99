import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type PolicyKind, parsePolicy } from '@omen-iam/policy'
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
import { users } from '../../packages/server/src/directory/index.ts'
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

function parsed(text: string) {
  const read = parsePolicy(text, 'trust', { lenient: true })
  if (!read.ok) throw new Error(text)
  return read.policy
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
    deps: { ...call.deps, directory: { ...call.deps.directory, known } },
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

test('only the principals of a document are rewritten, and those that stay are not written anew', () => {
  const accounts = world()
  const call = callOf('alice', 'iam:GetUser', accounts)
  const bare = json({
    Version: '2012-10-17',
    Statement: [{ Sid: 'AIDAAAAAAAAAAAAAALICE', Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  })
  assert.equal(
    shownPrincipals(bare.replace('Sid":', 'Sid" :'), 'identity', call),
    bare.replace('Sid":', 'Sid" :'),
  )
  const { text, policy } = policyOf('trust', '2012-10-17', '{"Principal":{"Service":"ec2.amazonaws.com"}}')
  const escaped = text.replace('ec2.', 'ec2\\u002e')
  assert.deepEqual(bindPrincipals(escaped, parsed(escaped), call), { bound: escaped })
  assert.deepEqual(bindPrincipals(text, policy, call), { bound: text })
  // the call's own account is as the call has it
  const later = world()
  later.account(pay).table(users).delete('AIDAAAAAAAAAAAAAALICE')
  const alice = policyOf(
    'trust',
    '2012-10-17',
    `{"Principal":{"AWS":"arn:aws:iam::${pay}:user/people/Alice"}}`,
  )
  const bound = bindPrincipals(alice.text, alice.policy, { ...call, deps: later.deps })
  assert.ok('bound' in bound && bound.bound.includes('AIDAAAAAAAAAAAAAALICE'))
})

test('a unique id is whole', () => {
  assert.equal(isUniqueId('AIDAAAAAAAAAAAAAALICE'), true)
  for (const text of ['xAIDAAAAAAAAAAAAAALICE', 'AIDAAAAAAAAAAAAAALICEX', 'AIDAAAAAAAAAAAAAALIC1', ''])
    assert.equal(isUniqueId(text), false)
})
