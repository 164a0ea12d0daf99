import { describe, test } from 'node:test'
import { behaviours } from './behaviours.ts'
import { filesLike, fits, noBreach, readText } from './files.ts'
import { generated, sources, tests } from './rules.ts'
import { lineAt, readSource } from './source.ts'

const idForm = '[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-\\d+'
const known = new Set(behaviours.map(({ id }) => id))
const prefixes = new Set(behaviours.map(({ id }) => prefixOf(id)))

describe('behaviour', () => {
  test('every sentence has an id of its own', () => {
    const places = new Map<string, string>()
    const found: string[] = []
    for (const { id, place } of behaviours) {
      const first = places.get(id)
      if (!new RegExp(`^${idForm}$`).test(id)) found.push(`${place} ${id} is no id`)
      if (first !== undefined) found.push(`${place} ${id} stands in ${first} already`)
      places.set(id, place)
    }
    noBreach(found)
  })

  test('every sentence names its source and its standing', () => {
    const found: string[] = []
    for (const { id, place, source, standing } of behaviours) {
      if (source === '') found.push(`${place} ${id} has no source`)
      if (!/^(?:recorded|reported|documented|assumed)\b/.test(standing))
        found.push(`${place} ${id} has no standing`)
    }
    noBreach(found)
  })

  test('every id that a source, a test or a case cites is written down, and a test pins every sentence', () => {
    const found: string[] = []
    const tested = new Set<string>()
    for (const file of [...filesLike(...sources), ...filesLike('cases/**/*.json')]) {
      if (fits(file, [...generated, 'test/house/**'])) continue
      const isTest = fits(file, [...tests, 'cases/**'])
      // Outside tests only comments cite; elsewhere the form may mean anything.
      const text = isTest ? readText(file) : readSource(readText(file)).comments
      for (const { id, offset } of citationsIn(text)) {
        if (!known.has(id)) found.push(`${file}:${lineAt(text, offset)} ${id}`)
        else if (isTest) tested.add(id)
      }
    }
    for (const { id, place } of behaviours)
      if (!tested.has(id)) found.push(`${place} ${id} is cited by no test`)
    noBreach(found)
  })
})

/**
 * Ids that a text cites: those of a known family, and whatever follows the word itself; `GRD-10 to GRD-12` cites what is
 * between, too.
 */
function citationsIn(text: string): readonly { readonly id: string; readonly offset: number }[] {
  const found: { id: string; offset: number }[] = []
  for (const match of text.matchAll(new RegExp(`(\\bbehaviours?\\s+)?(?<![\\w-])(${idForm})\\b`, 'g'))) {
    const id = match[2]!
    if (match[1] !== undefined || prefixes.has(prefixOf(id))) found.push({ id, offset: match.index })
  }
  for (const match of text.matchAll(new RegExp(`(?<![\\w-])(${idForm}) to (${idForm})\\b`, 'g'))) {
    const [, first = '', last = ''] = match
    if (prefixOf(first) !== prefixOf(last)) continue
    for (let number = numberOf(first) + 1; number < numberOf(last); number++) {
      const id = `${prefixOf(first)}-${number}`
      if (known.has(id)) found.push({ id, offset: match.index })
    }
  }
  return found
}

function numberOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0])
}

function prefixOf(id: string): string {
  return id.replace(/-\d+$/, '')
}
