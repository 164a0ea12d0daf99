import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seededRandom } from '../base/index.ts'
import { overlaps, startDifferently } from './arn-overlap.ts'

describe('an ARN of a policy and one of the reference', () => {
  for (const [written, reference, expected] of [
    ['arn:aws:s3:::mutant-*', 'arn:${Partition}:s3:::${BucketName}', true],
    ['arn:aws:s3:::*tan', 'arn:${Partition}:s3:::mutant', false],
    ['arn:aws:s3:::mu*', 'arn:${Partition}:s3:::mutant', true],
    ['ARN:aws:S3:::mu*', 'arn:${Partition}:s3:::Mutant', true],
    ['arn:aws:s3:::${aws:username}', 'arn:${Partition}:s3:::mutant', true],
    ['arn:aws:s3:::a/b', 'arn:${Partition}:s3:::${BucketName}', false],
    ['arn:aws:s3:::a/b', 'arn:${Partition}:s3:::${BucketName}/${ObjectName}', true],
    [
      'arn:aws:ec2:us-east-1:123456789012:instance/*',
      'arn:${Partition}:ec2:${Region}:${Account}:volume/${VolumeId}',
      false,
    ],
    ['arn:aws:sqs:*:*:a', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', false],
    ['arn:aws:sns:*:*:a?c', 'arn:${Partition}:sns:${Region}:${Account}:abc', true],
    ['arn:aws:sns:*:*:a?c', 'arn:${Partition}:sns:${Region}:${Account}:abbc', false],
    // the last field may contain colons, and no other may
    ['arn:aws:sns:us-east-1:1:a:b:c', 'arn:${Partition}:sns:${Region}:${Account}:${Name}:c', true],
    ['arn:aws:x:a:b::/c', 'arn:${Partition}:x:${Region}::/c', false],
    // a wildcard may match the fields after it too
    ['arn:*:instance/i-1', 'arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}', true],
    ['arn:a*:sqs:x', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', true],
    ['arn:aws?sns:us-east-1:1:x', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', true],
    ['arn:${aws:x}:sns:us-east-1:1:x', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', true],
    ['arn:aws:sns:*:*:x', 'arn:${Partition}:sns:${Region}:${Account}:b:x', true],
    ['arn:*', 'arn:${Partition}:sns:${Region}:${Account}:${TopicName}', true],
  ] as const)
    it(`${written} and ${reference}: ${expected ? 'some' : 'none'} in common (LNT-1)`, () => {
      assert.equal(overlaps(written, reference), expected)
    })

  it('have a resource in common if and only if there is one that both match (LNT-1)', () => {
    let [some, none] = [0, 0]
    for (const { written, reference, random } of pairs()) {
      const example = exampleOf(elementsOf(written), elementsOf(reference))
      const both = `${written} and ${reference}`
      const [one, other] = [expressionOf(written), expressionOf(reference)]
      assert.equal(overlaps(written, reference), example !== undefined, `${both}: ${example}`)
      if (example === undefined) {
        none++
        for (let n = 0; n < 20; n++) {
          const text = filled(reference, written, random)
          assert.match(text, other)
          assert.doesNotMatch(text, one, both)
        }
      } else {
        some++
        assert.match(example, one)
        assert.match(example, other)
      }
    }
    assert.ok(some > 300 && none > 300, `${some} ${none}`)
  })

  it('start differently only if they have nothing in common, and if a field before a wildcard differs', () => {
    for (const { written, reference } of pairs()) {
      const fields = written.split(':').slice(0, 6)
      const open = fields.findIndex((field) => /[*?$]/.test(field))
      const differs = reference.split(':', 6).some((field, index) => {
        const head = fields[index]?.replace(/[*?$].*/, '') ?? ''
        const other = field.replace(/\$.*/, '')
        const isCompared = index < fields.length && (open < 0 || index <= open)
        return isCompared && head.slice(0, other.length) !== other.slice(0, head.length)
      })
      assert.equal(startDifferently(written, reference), differs, `${written} and ${reference}`)
      if (differs) assert.equal(overlaps(written, reference), false, `${written} and ${reference}`)
    }
  })
})

const references = [
  'arn:${P}:s:${R}:${A}:${N}',
  'arn:${P}:s:::${bucketname}',
  'arn:${P}:s:::${bucketname}/${O}',
  'arn:${P}:s:${R}:${A}:a/${N}',
  'arn:${P}:s:${R}::/b',
  'arn:${P}:s:${R}:${A}:${N}:b/${O}',
  'arn:${P}:${V}:${R}:${A}:a:${N}/b',
  'arn:${P}:t:::ab',
]

/** Patterns of a small alphabet, each with one of the references. */
function* pairs() {
  const random = seededRandom('overlap')
  const pick = <T>(list: readonly T[]) => list[random.bytes(1)[0]! % list.length]!
  const parts = ['a', 'b', '/', ':', '*', '?', '${aws:u}', 'A']
  for (let n = 0; n < 1_500; n++) {
    const rest = Array.from({ length: random.bytes(1)[0]! % 5 }, () => pick(parts)).join('')
    const head = [pick(['a', 'A', 'a*', '?', '${aws:x}']), pick(['s', 's', 't', '*', 's?'])]
    const whole = ['arn', ...head, pick(['', 'a', '*']), pick(['', 'a', '*', '?']), rest].join(':')
    const from = random.bytes(1)[0]! % whole.length
    const to = from + (random.bytes(1)[0]! % 6)
    const cut = `${whole.slice(0, from)}*${whole.slice(to)}`
    const written = pick([whole, whole, whole.includes('$') ? whole : cut])
    yield { written, reference: pick(references), random }
  }
}

/** A literal character, any character, or any text without some characters. */
type Element = { readonly is?: string; readonly many: boolean; readonly not: string }

function elementsOf(pattern: string): readonly Element[] {
  const isReference = pattern.includes('${P}')
  return [...pattern.matchAll(/\$\{([^}]*)\}|[\s\S]/g)].map(([text, name], index, all) => {
    if (name === undefined && (text === '*' || text === '?')) return { many: text === '*', not: '' }
    if (name === undefined) return { is: text.toLowerCase(), many: false, not: '' }
    const colons = all.slice(0, index).filter(([before]) => before === ':').length
    const isLast = colons >= 5 && !all.slice(index + 1).some(([, after]) => after !== undefined)
    return { many: true, not: !isReference ? '' : name === 'bucketname' ? ':/' : isLast ? '' : ':' }
  })
}

/** Returns a text that two patterns match, found step by step. */
function exampleOf(one: readonly Element[], other: readonly Element[]): string | undefined {
  const failed = new Set<number>()
  const from = (at: number, to: number): string | undefined => {
    const [a, b] = [one[at], other[to]]
    if (a === undefined && b === undefined) return ''
    const key = at * 1_000 + to
    if (failed.has(key)) return undefined
    const tail =
      (a?.many ? from(at + 1, to) : undefined) ??
      (b?.many ? from(at, to + 1) : undefined) ??
      (a && b && !(a.many && b.many) ? common(a, b, at, to) : undefined)
    if (tail === undefined) failed.add(key)
    return tail
  }
  /** Takes one character of both; what may be many remains. */
  const common = (a: Element, b: Element, at: number, to: number) => {
    const char = a.is ?? b.is ?? 'z'
    if ((b.is !== undefined && b.is !== char) || `${a.not}${b.not}`.includes(char)) return undefined
    const tail = from(a.many ? at : at + 1, b.many ? to : to + 1)
    return tail === undefined ? undefined : char + tail
  }
  return from(0, 0)
}

function expressionOf(pattern: string): RegExp {
  const source = elementsOf(pattern).map(({ is, many, not }) => {
    if (is !== undefined) return is
    return many ? (not === '' ? '[\\s\\S]*' : `[^${not}]*`) : '[\\s\\S]'
  })
  return new RegExp(`^${source.join('')}$`)
}

/** Returns a text of a reference; its variables have pieces of the other pattern. */
function filled(reference: string, written: string, random: ReturnType<typeof seededRandom>): string {
  const pieces = written
    .replaceAll(/\$\{[^}]*\}|[*]/g, '')
    .replaceAll('?', 'a')
    .toLowerCase()
  return elementsOf(reference)
    .map(({ is, not }) => {
      const [from = 0, length = 0] = random.bytes(2)
      const piece = pieces.slice(from % pieces.length).slice(0, length % 8)
      return is ?? [...piece].filter((char) => !not.includes(char)).join('')
    })
    .join('')
}
