import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CompiledSet, PolicySource } from '@omen-iam/policy'
import {
  type AccessRequest,
  accessRequests,
  askedOf,
  authorize,
  type Call,
  callerPolicies,
  callNow,
  contextOfEvent,
  globalContext,
  hypotheticalCall,
  hypotheticalCaller,
  type Judged,
  judge,
  keepDenial,
  keysOfThing,
  mayAssume,
  openRefusal,
  organizationRefuses,
  principalOf,
  recallDecision,
  recallLastDenial,
  refusal,
  reviveDenial,
  signedCaller,
  trustsService,
  userIdOf,
} from '../../packages/server/src/authorization/index.ts'
import type { Mode } from '../../packages/server/src/base/index.ts'
import { roles } from '../../packages/server/src/directory/index.ts'
import { isSigned, userIdentity } from '../../packages/server/src/session/index.ts'
import type { Asked, StoredEvent } from '../../packages/server/src/store/index.ts'
import { checkCorpus } from '../corpus/index.ts'
import { now, pay, world } from './accounts.ts'
import { type CallChanges, callOf } from './callers.ts'

const json = (value: unknown, replacer?: (key: string, value: { id: string }) => unknown) =>
  JSON.stringify(value, replacer)
const withoutContext = ({ context: _, principal: __, ...rest }: Readonly<Record<string, unknown>>) => rest
const shown = (entries: Iterable<readonly [string, unknown]>) =>
  [...entries].map(([key, value]) => `${key}=${json(value)}`).join(' ')

/** The sources of each layer of a set. */
function layersOf(set: CompiledSet): string {
  const names = (sources: readonly PolicySource[]) =>
    `[${sources.map(({ source, policy }) => `${source.type}:${source.name ?? source.arn ?? ''}/${policy.kind}`).join(' ')}]`
  return Object.entries(set)
    .flatMap(([layer, value]) => {
      if (value === undefined || typeof value !== 'object') return []
      const levels: readonly { readonly policies: readonly PolicySource[] }[] = Array.isArray(value)
        ? value
        : [value]
      return [`${layer} ${levels.map(({ policies }) => names(policies)).join('')}`]
    })
    .concat(`grant ${set.grant}`)
    .join(' ')
}

function decisionOf({ decision }: Pick<Judged, 'decision'>): string {
  const { outcome, by, ...rest } = decision
  const statements = by.map(
    ({ statement, layer, source }) =>
      `${layer} ${source.name ?? source.arn ?? source.type} ${statement.sid ?? statement.index}`,
  )
  return `${outcome} ${json(rest)} by ${statements.join(', ') || 'nothing'}`
}

/** What is said of a judged question: the answer, the context that the question added, the sentence, and what is kept of it. */
function judgedLines(one: Judged, call: Call): readonly string[] {
  const { resourceAccount, canonicalId } = {
    canonicalId: undefined,
    ...one.request.principal,
    ...one.request,
  }
  const global = new Map(globalContext(call, principalOf(call.caller)).entries())
  const added = [...one.request.context.entries()].filter(
    ([key, value]) => json(global.get(key)) !== json(value),
  )
  return [
    decisionOf(one),
    `asked of ${layersOf(one.policies)}`,
    `owner ${resourceAccount}${canonicalId === undefined ? '' : ` ${canonicalId}`}; added ${shown(added)}`,
    ...(one.decision.outcome === 'allowed' ? [] : refusalLines(one, call)),
  ]
}

function refusalLines(one: Judged, call: Call): readonly string[] {
  const { code, status, message } = refusal(one, call)
  const encoded = /^(.* message: )(.*)$/.exec(message)
  const opened = encoded && openRefusal(call.deps.vault, encoded[2]!, call.now)
  return [
    `${code} ${status} ${encoded === null ? message : encoded[1]}`,
    ...(opened ? [`${opened.requestId} ${opened.account} ${opened.json}`] : []),
  ]
}

/** A case is `VERB REST {changes}`, where the changes may be missing. */
function parts(input: string): readonly [words: readonly string[], changes: Record<string, unknown>] {
  const at = input.indexOf(' {')
  const words = (at < 0 ? input : input.slice(0, at)).split(' ')
  return [words, at < 0 ? {} : JSON.parse(input.slice(at + 1))]
}

interface AskChanges extends CallChanges {
  readonly access?: Partial<AccessRequest>
  readonly mode?: Mode
  readonly authorizationIds?: true
  readonly away?: readonly string[]
}

function asked(input: string) {
  const [[, who = '', action = '', resource = '*'], changes] = parts(input)
  const {
    access,
    mode,
    operation = 'iam:GetUser',
    authorizationIds,
    away = [],
    ...more
  }: AskChanges = changes
  const accounts = world(mode)
  if (authorizationIds) Object.assign(accounts.deps, { authorizationIds })
  const call = callOf(who, operation, accounts, more)
  const question: AccessRequest = { action, resource, ...access }
  for (const account of away) accounts.away.add(account)
  return { call, question, accounts, one: judge(question, principalOf(call.caller), call) }
}

test('what is said of a caller: its principal, its keys, and the policies that bind it', () =>
  checkCorpus(join(import.meta.dirname, 'callers.txt'), (input) => {
    const [[who = ''], changes] = parts(input)
    const accounts = world()
    const call = callOf(who, 'iam:GetUser', accounts, changes)
    const { caller } = call
    const principal = principalOf(caller)
    const { callerKeys } = askedOf([{ action: 'a:b', resource: '*' }], call)
    const again = callNow(call)
    return [
      json(principal),
      `${userIdOf(caller)} now ${typeof again === 'string' ? again : again.caller === caller ? 'the same' : 'again'}`,
      shown(globalContext(call, principal).entries()),
      `kept ${json(callerKeys)}`,
      ...(isSigned(caller) ? [layersOf(callerPolicies(caller, call.account, accounts.deps.directory))] : []),
    ]
  }))

test('what is said of a question, and the sentence and the message of a denial', () =>
  checkCorpus(join(import.meta.dirname, 'questions.txt'), (input) => {
    const { one, call } = asked(input)
    return judgedLines(one, call)
  }))

test('what the trail keeps of a question, and what is read from it again', () =>
  checkCorpus(join(import.meta.dirname, 'past.txt'), (input) => {
    const { question, call, accounts } = asked(input)
    const { deps } = accounts
    const kept = askedOf([question], call)
    const first = kept.asked?.[0]
    if (first === undefined) return [json(kept)]
    const event: StoredEvent = {
      account: call.account.id,
      time: now,
      ...kept,
      json: json({
        userIdentity: userIdentity(call.caller, call.origin.invokedBy),
        awsRegion: 'us-east-1',
        sourceIPAddress: call.origin.invokedBy ?? call.origin.sourceIp,
        userAgent: call.origin.userAgent,
      }),
    } as unknown as StoredEvent // the others are not read
    const { context, isUnknown } = contextOfEvent(event, first as Asked, deps.directory)
    const keys = [
      'aws:sourceip',
      'aws:principaltag/x',
      'sts:externalid',
      'aws:username',
      'aws:resourcetag/x',
      'sts:rolesessionname',
    ]
    const { callerKeys: _, ...older } = event
    const before = contextOfEvent(older as StoredEvent, first as Asked, deps.directory)
    return [
      json(kept),
      shown(context.entries()),
      `unknown ${keys.filter(isUnknown).join(' ')}; in earlier versions ${keys.filter(before.isUnknown).join(' ')}; ${before.context.get('aws:AssumedRoot')} ${before.context.get('aws:SourceIdentity')}`,
      `refused by ${organizationRefuses(event, first as Asked, context, deps.directory)}`,
    ]
  }))

test('what is said of a whole call, and what its record keeps', async () => {
  const records: (() => Promise<void>)[] = []
  checkCorpus(join(import.meta.dirname, 'calls.txt'), (input) => {
    const [[who = '', operation = ''], changes] = parts(input)
    const { resource, context, passes, requests, mode, ...more } = changes as Record<string, never> & {
      mode?: Mode
    }
    const accounts = world(mode)
    const { deps } = accounts
    const call = callOf(who, operation, accounts, more as CallChanges)
    const meaning = {
      ...(resource === undefined ? {} : { resource: () => resource as never }),
      ...(context === undefined ? {} : { context: () => context as never }),
      ...(passes === undefined ? {} : { passes: () => passes as never }),
      ...(requests === undefined ? {} : { requests: () => requests as never }),
    }
    let questions: readonly AccessRequest[]
    try {
      questions = accessRequests(meaning, {}, call)
    } catch (error) {
      const { code, status, message } = error as { code: string; status: number; message: string }
      return [`${code} ${status} ${message}`]
    }
    const verdict = authorize(questions, call)
    const decision = deps.decisions.note(call, verdict)
    const record = decision === undefined ? undefined : deps.decisions.find(decision)
    const lines = [
      ...questions.map((each) => `asks ${json(each)}`),
      `${verdict.allowed} ${verdict.judged.map(decisionOf).join('; ')}`,
      `behind ${verdict.behind.map(decisionOf).join('; ')} and ${verdict.beyond}`,
      `record ${decision?.replace(/^d-.{7}/, 'd-')} ${record?.letThrough} ${record === deps.decisions.denialOf(call)} ${json(askedOf(questions, call).asked?.length)}`,
    ]
    if (verdict.denied === undefined || record === undefined) return lines
    const denial = keepDenial(record)!
    records.push(async () => {
      const revived = await reviveDenial(denial, deps)
      const bare = (list: readonly Judged[] = []) => list.map(decisionOf)
      assert.deepEqual(bare(revived?.judged), bare(record.judged), input)
      assert.deepEqual(bare(revived?.behind), bare(record.behind), input)
      assert.deepEqual(
        revived?.judged.map(({ access }) => access),
        record.judged.map(({ access }) => access),
        input,
      )
      const asked = (list: readonly Judged[] = []) =>
        list.map(({ request: { context, ...rest } }) => [{ ...rest }, [...context.entries()]])
      assert.deepEqual(asked(revived?.judged), asked(record.judged), input)
      assert.deepEqual(asked(revived?.behind), asked(record.behind), input)
      assert.deepEqual(
        revived?.judged.map(({ policies }) => layersOf(policies)),
        record.judged.map(({ policies }) => layersOf(policies)),
      )
      assert.equal(revived?.beyond, record.beyond)
      assert.equal(revived?.letThrough, record.letThrough)
      assert.equal(revived?.allowed, false)
      const { account } = call
      for (const id of [record.id, call.id])
        assert.deepEqual(await recallDecision(id, deps), {
          ...record,
          call: { ...record.call, account, deps },
        })
      Object.assign(deps.directory, {
        store: { denials: async () => [], findDenial: async () => undefined },
      })
      assert.equal((await recallLastDenial(deps))?.id, record.id)
      assert.equal(await recallDecision('d-other', deps), undefined)
      Object.assign(deps.directory.store, { findDenial: async () => denial })
      assert.equal((await recallDecision('d-other', deps))?.call.id, call.id)
      for (const hash of denial.documents.keys()) {
        const documents = new Map(denial.documents)
        documents.delete(hash)
        const without = await reviveDenial({ ...denial, documents }, deps)
        assert.ok(
          without === undefined || json(without.judged.map(({ access }) => access)).includes('"document":""'),
        )
      }
    })
    const { json: text, documents, ...head } = denial
    const { service, operation: called, ...rest } = JSON.parse(text)
    // the records check compares what each question keeps of its principal and its context
    const short = json({
      ...rest,
      judged: rest.judged.map(withoutContext),
      behind: rest.behind.map(withoutContext),
    })
    return [
      ...lines,
      `${json(head).replace(/d-[^"]{7}/, 'd-')} ${documents.size} documents`,
      `kept ${service.id} ${json([service.shapes, service.operations, service.omitted, service.derivedFrom])} ${called.name} ${json(called.errors)} ${short}`,
    ]
  })
  for (const check of records) await check()
})

test('what is said without a call: identities, roles that are assumed, keys of things', () =>
  checkCorpus(join(import.meta.dirname, 'hypothetical.txt'), (input) => {
    const [[verb = '', ...rest], changes] = parts(input)
    const accounts = world()
    const account = accounts.account(pay)
    const roleOf = (name: string) => account.table(roles).findBy('name', name)!
    const [one = '', other = ''] = rest
    switch (verb) {
      case 'identity':
        try {
          const caller = hypotheticalCaller(one, account, now)
          const call = hypotheticalCall(
            caller,
            account,
            accounts.deps,
            callOf('alice', 'iam:GetUser', accounts).origin,
          )
          const { service, operation, deps: _, account: __, caller: ___, ...about } = call
          return [
            json(caller, (key, value) => (key === 'user' || key === 'role' ? value.id : value)),
            `${service.id} ${operation.name} ${json(about)}`,
            layersOf(callerPolicies(signedCaller(call), account, accounts.deps.directory)),
          ]
        } catch (error) {
          const { code, status, message } = error as { code: string; status: number; message: string }
          return [`${code} ${status} ${message}`]
        }
      case 'assume': {
        const call = callOf(one, 'sts:AssumeRole', accounts)
        return judgedLines(mayAssume(call, roleOf(other), account, changes as never), call)
      }
      case 'keys':
        return [json(keysOfThing(one, other, account))]
      default: {
        const call = callOf('alice', 'sts:AssumeRole', accounts)
        return [`${trustsService(roleOf(one), other, call, changes as never)}`]
      }
    }
  }))
