import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  actionSet,
  isSameNotPrincipal,
  principalIncludes,
  principalOverlaps,
  setIncludes,
  setOverlaps,
} from '../analysis/elements.ts'
import type { PrincipalElement } from '../document/policy.ts'
import { allow, policyOf, root, session, user } from '../fixture.ts'
import { emptyContext } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { chance } from '../witness/texts-twin.ts'
import { matcherOf } from './glob.ts'
import { includes, overlaps, tokensOf } from './inclusion.ts'
import { compilePrincipal, isSpared, naming, notNamed } from './principal.ts'
import { parseTemplate } from './template.ts'

const plain = { wildcards: true, variables: false }

/** Every text of up to `most` letters. `c` is in no pattern: it is what `?` and `*` match and nothing else does. */
function textsUpTo(most: number, letters: readonly string[]): readonly string[] {
  let last: readonly string[] = ['']
  const all = ['']
  for (let length = 1; length <= most; length++) {
    last = last.flatMap((text) => letters.map((letter) => text + letter))
    all.push(...last)
  }
  return all
}

const texts = textsUpTo(6, ['a', 'b', 'c'])
const patterns = textsUpTo(4, ['a', 'b', '*', '?']).filter((text) => !text.includes('**'))
const matched = new Map(
  patterns.map((pattern) => {
    const matches = matcherOf(parseTemplate(pattern, plain))
    return [pattern, texts.map((text) => matches(text, emptyContext))] as const
  }),
)
const tokens = (pattern: string) => tokensOf(parseTemplate(pattern, plain))

describe('patterns compared with every short text', () => {
  const next = chance(3)
  const pairs = Array.from({ length: 4_000 }, () => [
    patterns[next(patterns.length)]!,
    patterns[next(patterns.length)]!,
  ])

  test('one includes another only if it matches all that the other matches', () => {
    let included = 0
    let missed = 0
    for (const [outer, inner] of pairs) {
      const found = includes(tokens(outer!), tokens(inner!))
      const [all, some] = [matched.get(outer!)!, matched.get(inner!)!]
      const isTrue = some.every((match, at) => !match || all[at]!)
      assert.ok(isTrue || !found, `${outer} ${inner}`)
      if (found) included++
      else if (isTrue) missed++
    }
    // A yes that is no longer found makes analysis say less.
    assert.deepEqual([included, missed], [466, 55])
  })

  test('two overlap exactly if they match a text in common', () => {
    for (const [one, other] of pairs) {
      const [these, those] = [matched.get(one!)!, matched.get(other!)!]
      // The shortest common text has at most the letters of both: of patterns of three, six.
      if (one!.length + other!.length > 6) continue
      assert.equal(
        overlaps(tokens(one!), tokens(other!)),
        these.some((match, at) => match && those[at]!),
      )
    }
  })

  test('sets are compared as all their patterns are', () => {
    const setOf = (): { set: ReturnType<typeof actionSet>; all: readonly string[]; negated: boolean } => {
      const all = Array.from({ length: 1 + next(4) }, () => patterns[1 + next(patterns.length - 1)]!)
      const negated = next(3) === 0
      const policy = policyOf('identity', {
        Effect: 'Allow',
        [negated ? 'NotAction' : 'Action']: all.map((each) => `s:${each}`),
        Resource: '*',
      })
      return { set: actionSet(policy.statements[0]!.action), all, negated }
    }
    const some = (all: readonly string[], test: (each: string) => boolean) => all.some(test)
    for (let round = 0; round < 1_500; round++) {
      const [a, b] = [setOf(), setOf()]
      const has = (set: readonly string[], inner: string) =>
        some(set, (outer) => includes(tokens(outer), tokens(inner)))
      const meets = (set: readonly string[], one: string) =>
        some(set, (other) => overlaps(tokens(other), tokens(one)))
      const includesAll = a.negated
        ? b.negated
          ? a.all.every((each) => has(b.all, each))
          : b.all.every((each) => !meets(a.all, each))
        : !b.negated && b.all.every((each) => has(a.all, each))
      assert.equal(setIncludes(a.set, b.set), includesAll, JSON.stringify([a, b]))
      const overlap = a.negated
        ? b.negated || b.all.some((each) => !has(a.all, each))
        : a.all.some((each) => (b.negated ? !has(b.all, each) : meets(b.all, each)))
      assert.equal(setOverlaps(a.set, b.set), overlap, JSON.stringify([a, b]))
    }
  })

  test('variables are included in themselves alone, and overlap with every text', () => {
    const read = (text: string) => tokensOf(parseTemplate(text, { wildcards: true, variables: true }))
    const values = ['a', '*', '?', '${x}', '${X}', "${x, 'a'}", "${x, 'b'}", "${x,'a'}", '${y}', 'a${x}']
    const included = values.map((outer) => values.filter((inner) => includes(read(outer), read(inner))))
    assert.deepEqual(included, [
      ['a'],
      values,
      ['a', '?'],
      ['${x}', '${X}'],
      ['${x}', '${X}'],
      ["${x, 'a'}"],
      ["${x, 'b'}"],
      [],
      ['${y}'],
      ['a${x}'],
    ])
    for (const one of values)
      for (const other of values) assert.ok(overlaps(read(one), read(other)), `${one} ${other}`)
    assert.ok(!overlaps(read('a${x}'), read('b*')))
    assert.ok(!overlaps(read('a${x}b'), read('*c')))
  })

  test('patterns of more than 2,048 tokens count as different and as overlapping', () => {
    const [most, more] = [2_048, 2_049].map((length) => tokens('a'.repeat(length)))
    assert.ok(includes(most!, most!) && !includes(more!, more!))
    assert.ok(!includes(tokens('*'), more!) && includes(tokens('*'), most!))
    assert.ok(!overlaps(most!, tokens('b')) && overlaps(more!, tokens('b')) && overlaps(tokens('b'), more!))
  })
})

describe('elements that name principals, compared with the principals', () => {
  const account = '123456789012'
  const entries: readonly (readonly [type: string, value: string])[] = [
    ['AWS', '*'],
    ['AWS', account],
    ['AWS', '1234-5678-9012'],
    ['AWS', `arn:aws:iam::${account}:root`],
    ['AWS', `arn:aws-cn:iam::${account}:root`],
    ['AWS', '210987654321'],
    ['AWS', 'arn:aws:iam::210987654321:root'],
    ['AWS', `arn:aws:iam::${account}:user/dev`],
    ['AWS', `arn:aws:iam::${account}:role/team/app`],
    ['AWS', `arn:aws:sts::${account}:assumed-role/app/run`],
    ['AWS', `arn:aws:s3::${account}:root`],
    ['AWS', 'AIDACKCEVSQ6C2EXAMPLE'],
    ['CanonicalUser', 'abc'],
    ['Service', 'ec2.amazonaws.com'],
    ['Service', account],
    ['Federated', 'accounts.google.com'],
  ]
  const callers: readonly Principal[] = [
    user,
    session,
    root,
    { ...user, type: 'user', arn: `arn:aws-cn:iam::${account}:user/dev`, account },
    { type: 'root', arn: 'arn:aws:iam::210987654321:root', account: '210987654321' },
    { type: 'user', arn: `arn:aws:iam::${account}:user/dev`, account, canonicalId: 'abc' },
    { type: 'service', names: ['ec2.amazonaws.com', account] },
    { type: 'webIdentity', provider: 'accounts.google.com' },
    { type: 'anonymous' },
  ]
  const elementOf = (name: string, list: readonly (readonly [string, string])[]): PrincipalElement => {
    const { span } = policyOf('identity', allow()).statements[0]!
    return {
      negated: name === 'NotPrincipal',
      entries: list.map(([type, value]) => ({ type: type as 'AWS', value, span })),
      span,
    }
  }
  const names = (element: PrincipalElement, caller: Principal): boolean => {
    const compiled = compilePrincipal(element)
    return element.negated ? !isSpared(compiled, caller, false) : naming(compiled, caller) !== notNamed
  }
  const single = entries.map((entry) => elementOf('Principal', [entry]))

  test('what one includes it names; what has no caller in common does not overlap', () => {
    let included = 0
    let apart = 0
    for (const outer of [...single, ...entries.map((entry) => elementOf('NotPrincipal', [entry]))]) {
      for (const inner of single) {
        const [entry] = inner.entries
        const both = callers.filter((caller) => names(inner, caller))
        if (principalIncludes(outer, entry)) {
          included++
          for (const caller of both) assert.ok(names(outer, caller))
        }
        if (!principalOverlaps(outer, entry)) {
          apart++
          for (const caller of both) assert.ok(!names(outer, caller))
        }
      }
    }
    // What is found must not become less unseen.
    assert.deepEqual([included, apart], [50, 72])
  })

  test('an absent element names everyone, and a NotPrincipal is the same as one with the same entries', () => {
    const [everyone, here] = [single[0]!, single[1]!]
    assert.ok(principalIncludes(undefined, here.entries[0]) && principalIncludes(undefined, undefined))
    assert.ok(principalIncludes(everyone, undefined) && !principalIncludes(here, undefined))
    assert.ok(principalOverlaps(undefined, here.entries[0]) && principalOverlaps(here, undefined))
    const spared = (...at: readonly number[]) =>
      elementOf(
        'NotPrincipal',
        at.map((each) => entries[each]!),
      )
    assert.ok(isSameNotPrincipal(spared(1, 5), spared(5, 1)) && isSameNotPrincipal(spared(1, 1), spared(1)))
    for (const other of [
      spared(1),
      spared(1, 7),
      spared(1, 5, 7),
      elementOf('Principal', [entries[1]!, entries[5]!]),
      undefined,
    ]) {
      assert.ok(!isSameNotPrincipal(spared(1, 5), other))
      assert.ok(!isSameNotPrincipal(other, spared(1, 5)))
    }
    assert.ok(!isSameNotPrincipal(spared(1), spared(14)))
  })
})
