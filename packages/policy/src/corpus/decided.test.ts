import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { CaseRequest } from '../cases/case.ts'
import { type CasePolicySet, openQuestion, resourcePolicyKind } from '../cases/open.ts'
import { reasonsOf } from '../cases/reasons.ts'
import { compile } from '../compile/compile.ts'
import type { PolicyKind } from '../document/policy.ts'
import type { PolicySource, Source } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Trace } from '../evaluate/story.ts'
import { trace } from '../evaluate/trace.ts'
import { changeCall, withChange } from '../explain/call-change.ts'
import { callPartOf } from '../explain/call-key.ts'
import { plainChange } from '../explain/change.ts'
import type { Edit } from '../explain/edit.ts'
import { type EditedPolicy, editedPolicies } from '../explain/edited.ts'
import { explain } from '../explain/explain.ts'
import { guardrailOf } from '../explain/guardrail.ts'
import { suggest } from '../explain/suggest.ts'
import { policyFromJson } from '../parse/parse.ts'

// A case is `WHAT PRINCIPAL ACTION RESOURCE {policies} {context}`. A layer of the policies is a list of documents (of SCPs
// and RCPs a list of levels), a document is a list of statements, and a statement is a change of one that allows everything.
// The first member of a document may be a text instead: how the document differs from a customer managed policy.

const principals: Readonly<Record<string, CaseRequest['principal']>> = {
  dev: 'arn:aws:iam::123456789012:user/dev',
  other: 'arn:aws:iam::210987654321:user/other',
  root: 'arn:aws:iam::123456789012:root',
  app: 'arn:aws:sts::123456789012:assumed-role/app/run',
  federated: 'arn:aws:sts::123456789012:federated-user/bob',
  saml: 'arn:aws:iam::123456789012:saml-provider/idp',
  oidc: 'arn:aws:iam::123456789012:oidc-provider/idp.example',
  ec2: { service: 'ec2.amazonaws.com' },
  anyone: '*',
}

type Json = Readonly<Record<string, unknown>>

function policyOf(kind: PolicyKind, document: readonly unknown[], at: string): PolicySource {
  const [form] = document
  const statements = document.filter((each) => typeof each !== 'string') as readonly Json[]
  const usual: Json = {
    Effect: 'Allow',
    Action: '*',
    ...(kind === 'trust' ? {} : { Resource: '*' }),
    ...(kind === 'resource' || kind === 'key' || kind === 'trust' || kind === 'rcp'
      ? { Principal: '*' }
      : {}),
  }
  const all = statements.map((change) =>
    Object.fromEntries(Object.entries({ ...usual, ...change }).filter(([, value]) => value !== null)),
  )
  const json = {
    Version: form === '2008' ? '2008-10-17' : '2012-10-17',
    Statement: form === 'lone' ? all[0] : all,
  }
  const parsed = policyFromJson(json, kind, { lenient: true })
  assert.ok(parsed.ok, at)
  const sources: Readonly<Record<string, Source>> = {
    aws: { type: 'aws-managed', arn: `arn:aws:iam::aws:policy/${at}` },
    inline: { type: 'user', name: `user_dev_${at}` },
    same: { type: 'user-managed', arn: 'arn:aws:iam::123456789012:policy/same' },
    nameless: { type: 'none' },
    id: { type: 'scp', id: `p-${at}` },
  }
  const managed: Source = { type: 'user-managed', arn: `arn:aws:iam::123456789012:policy/${at}` }
  return { policy: parsed.policy, source: sources[String(form)] ?? managed }
}

function opened(
  { who, action, resource }: { readonly who: string; readonly action: string; readonly resource: string },
  policies: Json,
  context: CaseRequest['context'],
) {
  const account = resource.split(':')[4]
  const request: CaseRequest = {
    principal: principals[who] ?? who,
    action,
    resource,
    ...(account === '' || account === undefined ? {} : { resourceAccount: account }),
    ...(context === undefined ? {} : { context }),
  }
  const set = Object.fromEntries(
    Object.entries(policies).map(([layer, documents]) => {
      const kind = layer === 'resource' ? resourcePolicyKind(request) : (layer as PolicyKind)
      const list = documents as readonly (readonly unknown[])[]
      const levels = layer === 'scp' || layer === 'rcp'
      const read = (each: readonly (readonly unknown[])[], at: string) =>
        each.map((document, index) => policyOf(kind, document, `${at}${index}`))
      if (layer === 'resource') return [layer, policyOf(kind, list as readonly unknown[], 'own')]
      return [
        layer,
        levels
          ? list.map((level, index) => read(level as readonly (readonly unknown[])[], `${layer}${index}`))
          : read(list, layer),
      ]
    }),
  ) as CasePolicySet
  const question = openQuestion(request, set)
  assert.ok(question.ok)
  return { request: question.request, compiled: compile(question.policies) }
}

type Opened = ReturnType<typeof opened>

const says: Readonly<Record<string, (asked: Opened, traced: Trace) => readonly string[]>> = {
  story: ({ request }, traced) => {
    const { sentence, story } = explain(traced, request)
    return [...story, ...(sentence === '' ? [] : [sentence]), [...reasonsOf(traced)].join(' | ')]
  },
  edit: ({ request, compiled }) =>
    suggest(request, compiled).flatMap(({ edits }, index) => [
      `${index + 1}: ${edits.map((edit, at) => editText(request, compiled, edit, at)).join('; ')}`,
      ...(index > 0 ? [] : (editedPolicies(compiled, edits) ?? []).map(editedText)),
    ]),
  call: ({ request, compiled }) =>
    changeCall(request, compiled).map((change) => {
      const after = withChange(request, change)
      assert.equal(evaluate(after, compiled).outcome, 'allowed')
      const keys = change.map(
        ({ part, key, operator, wanted, seen, value }) =>
          `${part} ${key} ${text(seen)} → ${text(value)} (${operator} ${wanted.join(' or ')})`,
      )
      const context = [...after.context.entries()].filter(
        ([key]) => !/^aws:(?:principal(?:arn|account|type|isawsservice)$|user)/.test(key),
      )
      return `${keys.join('; ')}: ${after.resource}${context.map(([key, value]) => ` ${key}=${text(value)}`).join('')}`
    }),
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

/** An edit in words, and the protection that it weakens. The trace is that of the edits before it. */
function editText(request: Opened['request'], compiled: Opened['compiled'], edit: Edit, at: number): string {
  const guardrail = at === 0 ? guardrailOf(edit, trace(request, compiled)) : undefined
  const place = edit.level === undefined ? '' : ` at level ${edit.level}`
  assert.ok(!Object.values(edit).includes(undefined), 'what an edit does not have is absent')
  return `${plainChange(edit)}${place}${guardrail === undefined ? '' : ` [${guardrail}]`}`
}

function editedText({ layer, before, after }: EditedPolicy): string {
  const of = (source: PolicySource | undefined) => {
    if (source === undefined) return 'nothing'
    const json = JSON.parse(source.policy.text)
    assert.equal(source.policy.text, JSON.stringify(json, null, 2))
    return JSON.stringify(json.Statement)
  }
  const made = before === undefined && after !== undefined ? ` of ${JSON.stringify(after.source)}` : ''
  return `${layer}: ${of(before)} → ${of(after)}${made}`
}

test('RSN-16 the story, the edits and the other calls of every case of decided.txt', () =>
  checkCorpus(join(import.meta.dirname, 'decided.txt'), (input) => {
    const [what = '', who = '', action = '', resource = '', policies = '{}', context] = input.split(' ')
    const asked = opened(
      { who, action, resource },
      JSON.parse(policies),
      context === undefined ? undefined : JSON.parse(context),
    )
    const traced = trace(asked.request, asked.compiled)
    assert.deepEqual(traced.decision.outcome, evaluate(asked.request, asked.compiled).outcome)
    const lines = says[what]?.(asked, traced) ?? []
    return lines.length === 0 ? [`${traced.decision.outcome}: nothing`] : lines
  }))

test('a key that no caller chooses is not a part of the call', () =>
  assert.equal(callPartOf('aws:PrincipalArn'), undefined))
