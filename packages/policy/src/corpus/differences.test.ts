import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { difference } from '../analysis/difference.ts'
import type { DifferenceOptions, DifferenceRow } from '../analysis/difference-row.ts'
import type { ValueType } from '../condition/operator-names.ts'
import type { PolicyKind } from '../document/policy.ts'
import { policyOf } from '../fixture.ts'
import type { Request } from '../request/request.ts'
import type { ResidualCondition } from '../witness/answer.ts'
import { findGap } from '../witness/find-gap.ts'
import { findWitness } from '../witness/find-witness.ts'
import { gapQuestionOf } from '../witness/gap-twin.ts'
import { questionOf } from '../witness/witness-twin.ts'

const types: Readonly<Record<string, ValueType>> = {
  'aws:securetransport': 'Bool',
  'aws:multifactorauthpresent': 'Bool',
  'aws:viaawsservice': 'Bool',
  'aws:multifactorauthage': 'Numeric',
  's3:max-keys': 'Numeric',
  'aws:currenttime': 'Date',
  'aws:epochtime': 'Date',
  'aws:sourceip': 'IpAddress',
  'aws:principalarn': 'Arn',
  'aws:sourcearn': 'Arn',
  'my:bytes': 'Binary',
}
const real = [
  's3:GetObject',
  's3:PutObject',
  's3:GetBucketAcl',
  'iam:GetUser',
  'iam:PassRole',
  'ec2:RunInstances',
]

/** Every second case knows real actions, resources and types of keys. */
const known: DifferenceOptions = {
  actions: (pattern) => {
    const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i')
    return real.filter((action) => expression.test(action))
  },
  resources: (action) => (action.startsWith('s3:') ? ['arn:aws:s3:::bucket/key', 'arn:aws:s3:::bucket'] : []),
  keyType: (key) => types[key.toLowerCase()],
}

function requestLine({ principal, action, resource, context }: Request): string {
  const keys = [...context.entries()].map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return `${JSON.stringify(principal)} ${action} ${resource} ${keys.join(' ')}`.trimEnd()
}

function rowLines(row: DifferenceRow): readonly string[] {
  assert.ok(!Object.values(row).includes(undefined), 'what a row does not have is absent')
  const { kind, statement, actions, notActions, resources, notResources, principals, before, except } = row
  const places = (name: string, list: typeof before) =>
    list.length === 0 ? '' : ` ${name} ${list.map(({ index }) => index).join(',')}`
  const elements = [
    `${notActions ? 'not ' : ''}${actions.join(' ')}`,
    ...(resources === undefined ? [] : [`${notResources ? 'not ' : ''}${resources.join(' ')}`]),
    ...(principals === undefined ? [] : [principals.map(({ type, value }) => `${type} ${value}`).join(' ')]),
  ]
  return [
    `${kind} ${statement.index}${places('before', before)}${places('except', except)}: ${elements.join(' on ')}`,
    `  ${row.example === undefined ? 'no example' : requestLine(row.example)}`,
  ]
}

const residualLine = ({ operator, key, values, mustHold, asked, by, span }: ResidualCondition) =>
  `${mustHold ? '' : 'not '}${operator} ${key} ${values.join(' ')} of ${asked.join()} by ${by.layer} ${by.statement.index} at ${span.start.offset}`

describe('kept corpora of analysis', () => {
  test('what a change allows that was not allowed', () => {
    let turn = 0
    checkCorpus(join(import.meta.dirname, 'differences.txt'), (input) => {
      const [, name, before = '', after = ''] = /^(\w+) (.*) => (.*)$/.exec(input) ?? []
      const kind = name as PolicyKind
      const [one, other] = [before, after].map((text) => policyOf(kind, ...JSON.parse(text)))
      const rows = difference(one!, other!, turn++ % 2 === 0 ? {} : known)
      return rows.length === 0 ? ['nothing new'] : rows.flatMap(rowLines)
    })
  })

  test('what the search for a witness says of small questions', () => {
    checkCorpus(join(import.meta.dirname, 'answers.txt'), (input) => {
      const [kind, number] = input.split(' ')
      if (kind === 'gap') {
        const answer = findGap(gapQuestionOf(Number(number)))
        if (answer.verdict === 'gap') return [`gap ${answer.decision.outcome}`, requestLine(answer.request)]
        return [answer.verdict, ...('residual' in answer ? answer.residual.map(residualLine) : [])]
      }
      const answer = findWitness(questionOf(Number(number)))
      if (answer.verdict === 'undecided') return [answer.verdict]
      if (answer.verdict === 'blocked') {
        const { asked, layer, level, deny, decision, request, isGranted } = answer
        return [
          `blocked ${asked} ${layer} ${level} ${deny?.statement.index} ${decision.outcome} ${isGranted}`,
          requestLine(request),
        ]
      }
      return [
        `${answer.verdict} ${JSON.stringify(answer.variables)} ${answer.decisions.map(({ reason }) => reason).join()}`,
        ...answer.requests.map(requestLine),
        ...('residual' in answer ? answer.residual.map(residualLine) : []),
      ]
    })
  })
})
