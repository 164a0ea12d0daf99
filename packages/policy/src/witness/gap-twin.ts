/** Decides small questions about gaps by trying every request. Only tests and the soak import this. */
import { compile } from '../compile/compile.ts'
import { truthNo, truthYes } from '../condition/truth.ts'
import type { PolicySet } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { allow, policyOf, type StatementInput, sourceOf, user } from '../fixture.ts'
import { Context } from '../request/context.ts'
import type { Request } from '../request/request.ts'
import { findGap, type GapQuestion } from './find-gap.ts'
import { chance } from './texts-twin.ts'

type Pick = (below: number) => number

/** One of each kind that the patterns below can distinguish. */
const actions = ['s3:get', 's3:go', 's3:put', 's3:do', 'iam:get', 'iam:do', 'ec2:get', 'ec2:do']
const resources = ['x', 'arn:aws:s3:::x', 'res:', 'res:a', 'res:ab', 'res:b', 'res:bc', 'res:c', 'res:cd']
const otherValues = ['x', 'y', undefined]
const openValues = ['true', 'false', undefined]

export interface GapTally {
  none: number
  conditional: number
  gap: number
}

/** @returns how often each verdict occurred. Throws at the first difference. */
export function gaps(count: number, seed: number): GapTally {
  const tally: GapTally = { none: 0, conditional: 0, gap: 0 }
  for (let each = 0; each < count; each++) {
    const policies = policiesOf(chance(seed * 1_000_003 + each))
    const wanted = decide(policies)
    const answer = findGap(questionAbout(policies))
    const found = answer.verdict === 'conditional' ? answer.residual.length : answer.verdict
    if (found !== wanted || answer.verdict === 'undecided') {
      throw new Error(`${each}: found ${found}, wanted ${wanted}: ${written(policies)}`)
    }
    tally[answer.verdict]++
  }
  return tally
}

/** One of the small questions, the same for each number. */
export function gapQuestionOf(number: number): GapQuestion {
  return questionAbout(policiesOf(chance(number)))
}

function questionAbout(policies: PolicySet): GapQuestion {
  return {
    principal: user,
    policies: compile(policies),
    context: {},
    open: { 'my:m': { values: ['true', 'false'], mayBeAbsent: true } },
  }
}

function written({ identity = [], boundary = [], scp = [] }: PolicySet): string {
  return [identity, boundary, ...scp].map((layer) => layer.map(({ policy }) => policy.text).join()).join('\n')
}

/** `none`, `gap` or the size of the smallest residual. */
function decide(policies: PolicySet): 'none' | 'gap' | number {
  const whole = compile(policies)
  // What SCPs let through: everything that a principal without other limits may do.
  const letThrough = compile({ scp: policies.scp, identity: [sourceOf(policyOf('identity', allow()))] })
  const literals = [...literalsIn(whole.identity), ...literalsIn(whole.boundary)]
  const refused: Context[] = []
  const all: Context[] = []
  for (const other of otherValues) {
    for (const open of openValues) {
      const context = new Context({ 'my:o': other, 'my:m': open })
      all.push(context)
      const isGap = actions.some((action) =>
        resources.some((resource) => {
          const request: Request = {
            principal: user,
            action,
            resource,
            resourceAccount: '123456789012',
            context,
          }
          return (
            evaluate(request, letThrough).outcome === 'allowed' &&
            evaluate(request, whole).outcome !== 'allowed'
          )
        }),
      )
      if (isGap) refused.push(context)
    }
  }
  if (refused.length === 0) return 'none'
  for (let size = 1; size <= 3; size++) {
    for (const subset of subsetsOf(literals, size)) {
      const holds = (context: Context): boolean => subset.every(({ test, truth }) => test(context) === truth)
      if (all.some(holds) && !refused.some(holds)) return size
    }
  }
  return 'gap'
}

function literalsIn(layer: ReturnType<typeof compile>['identity']) {
  return (layer?.statements() ?? []).flatMap(({ statement, conditions }) =>
    conditions
      .filter(({ key }) => key === 'my:m')
      .map(({ test }) => ({ test, truth: statement.effect === 'Allow' ? truthYes : truthNo })),
  )
}

function* subsetsOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) yield []
  else
    for (const [index, first] of list.entries())
      for (const rest of subsetsOf(list.slice(index + 1), size - 1)) yield [first, ...rest]
}

function policiesOf(next: Pick): PolicySet {
  const statements = (most: number): StatementInput[] =>
    Array.from({ length: 1 + next(most) }, () => statementOf(next))
  const layer = (kind: 'identity' | 'boundary' | 'scp', ...more: readonly StatementInput[]) => [
    sourceOf(policyOf(kind, ...more, ...statements(2))),
  ]
  return {
    identity: layer('identity', ...(next(3) === 0 ? [allow()] : statements(3))),
    ...(next(3) === 0 ? { boundary: layer('boundary', allow()) } : {}),
    ...(next(2) === 0 ? { scp: [layer('scp', ...(next(2) === 0 ? [allow()] : []))] } : {}),
  }
}

function statementOf(next: Pick): StatementInput {
  // The index is below the length, and no list here is empty.
  const one = <T>(list: readonly T[]): T => list[next(list.length)] as T
  const conditions: Record<string, unknown> = {}
  if (next(3) === 0) {
    const [operator, key, value] = one(someConditions)
    conditions[operator] = { [key]: value }
  }
  return {
    Effect: next(4) === 0 ? 'Deny' : 'Allow',
    [next(4) === 0 ? 'NotAction' : 'Action']: one([
      '*',
      '*',
      's3:*',
      'S3:G*',
      ['iam:*', 's3:p*'],
      '*:get',
      'iam:*',
    ]),
    [next(4) === 0 ? 'NotResource' : 'Resource']: one([
      '*',
      '*',
      '*',
      'res:*',
      'res:a*',
      ['res:?', 'res:c*'],
    ]),
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  }
}

const someConditions: readonly (readonly [operator: string, key: string, value: unknown])[] = [
  ['StringEquals', 'my:o', 'x'],
  ['StringNotEquals', 'my:o', 'x'],
  ['Null', 'my:o', 'true'],
  ['Bool', 'my:m', 'true'],
  ['Bool', 'my:m', 'true'],
  ['BoolIfExists', 'my:m', 'false'],
  ['Null', 'my:m', 'false'],
]
