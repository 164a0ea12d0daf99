import { describe, it } from 'node:test'
import { behaviours, ownRule } from './behaviours.ts'
import { filesLike, noBreach, readText } from './files.ts'
import { recordedFiles, recordedTable } from './recorded.ts'

/** Sources that have no address: rules that this project made, and what nobody published. */
const unlinked = /Omen's own rule|^none found|address(?:es)? (?:were|was) not kept|, tried\b/

describe('evidence', () => {
  it('links every source, and says on which day it was read', () => {
    const found: string[] = []
    for (const { id, place, source, links, missing } of behaviours) {
      if (missing.length > 0) found.push(`${place} ${id}: no address for ${missing.join(', ')}`)
      if (links.length === 0 && !unlinked.test(source)) found.push(`${place} ${id} links no source`)
      for (const { label, title } of links)
        if (!/^(?:read|kept) \d{4}-\d{2}-\d{2}$/.test(title))
          found.push(`${place} ${id}: ${label} has no day`)
      if (/\bmemory\b/.test(source)) found.push(`${place} ${id} is from memory`)
    }
    noBreach(found)
  })

  it('lists no source that no sentence cites', () => {
    const found: string[] = []
    for (const file of filesLike('docs/behaviour/*.md')) {
      const text = readText(file)
      for (const [, label = ''] of text.matchAll(/^\[([^\]]+)\]: /gm))
        if (!text.replace(`[${label}]: `, '').includes(`[${label}]`)) found.push(`${file}: ${label}`)
    }
    noBreach(found)
  })

  it('keeps the answer of every sentence that is recorded, and no other', () => {
    const kept = new Set<string>()
    for (const file of ['events', 'errors'])
      for (const name of Object.keys(answersOf(`docs/recordings/${file}.json`))) kept.add(name)
    kept.add('service-linked roles')
    for (const { rows } of recordedFiles) for (const row of rows) kept.add(row.class)
    const cited = new Set<string>()
    const found: string[] = []
    for (const { id, place, standing, links } of behaviours) {
      const names = links.flatMap(({ label }) => /^recording: (.*)$/.exec(label)?.[1] ?? [])
      for (const name of names) {
        cited.add(name)
        if (!kept.has(name)) found.push(`${place} ${id}: no recording ${name}`)
      }
      if (/\brecorded\b/.test(standing) && names.length === 0) found.push(`${place} ${id} has no recording`)
      if (/\breported\b/.test(standing) && links.length === 0) found.push(`${place} ${id} links no report`)
    }
    for (const name of kept) if (!cited.has(name)) found.push(`recording ${name} is cited by no sentence`)
    noBreach(found)
  })

  it('names every recorded row once, and gives a reason where Omen differs', () => {
    const found: string[] = []
    for (const { path, rows } of recordedFiles) {
      const ids = new Set<string>()
      for (const { id, differs } of rows) {
        if (ids.has(id)) found.push(`${path}: ${id} twice`)
        if (differs === '') found.push(`${path}: ${id} differs without a reason`)
        ids.add(id)
      }
    }
    noBreach(found)
  })

  it('counts the recorded answers in docs/recordings/README.md', () => {
    const written = /<!-- counts -->\n([\s\S]*?)\n<!-- end of counts -->/.exec(
      readText('docs/recordings/README.md'),
    )
    if (written?.[1] !== recordedTable())
      throw new Error(`docs/recordings/README.md must have:\n${recordedTable()}`)
  })

  it('says what would settle an assumption about AWS', () => {
    const found: string[] = []
    for (const { id, place, first, standing, source, text } of behaviours) {
      if (first !== 'assumed' || ownRule.test(source)) continue
      if (!/\bsettle/.test(standing) && !/\bsettle/.test(text)) found.push(`${place} ${id}`)
    }
    noBreach(found)
  })
})

function answersOf(file: string): Readonly<Record<string, unknown>> {
  const content = JSON.parse(readText(file))
  return content.answers ?? content
}
