import { filesLike, readText } from './files.ts'
import { lineAt } from './source.ts'

/** How sure a sentence about AWS is (docs/behaviour/README.md). */
export type Standing = (typeof standings)[number]

export const standings = ['recorded', 'reported', 'documented', 'assumed'] as const

/** One sentence of docs/behaviour: where AWS's behaviour is written down, with its evidence. */
export interface Behaviour {
  readonly id: string
  /** Its file and line. */
  readonly place: string
  /** What it says, without its source and standing. */
  readonly text: string
  readonly source: string
  readonly standing: string
  /** The standing of its main part. */
  readonly first: Standing
  /** Its sources with an address. */
  readonly links: readonly Link[]
  /** Labels in brackets that have no address. */
  readonly missing: readonly string[]
}

/** A source that the end of the file gives an address. */
export interface Link {
  readonly label: string
  readonly address: string
  /** The day on which it was read: `read 2026-11-28`. */
  readonly title: string
}

/** Sources that say a sentence is a rule of Omen's own, which nothing settles. */
export const ownRule = /Omen's own rule/

const item = /^- \*\*(.*?)\*\*(.*(?:\n(?!- |#|\n|<!--).*)*)/gm

export const behaviours: readonly Behaviour[] = filesLike('docs/behaviour/*.md')
  .filter((file) => !file.endsWith('README.md'))
  .flatMap(readBehaviours)

function readBehaviours(file: string): readonly Behaviour[] {
  const text = readText(file)
  const links = new Map<string, Link>()
  for (const [, label = '', address = '', title = ''] of text.matchAll(
    /^\[([^\]]+)\]: (\S+)(?: "([^"]*)")?$/gm,
  ))
    links.set(label, { label, address, title })
  return [...text.matchAll(item)].map((match) => {
    const whole = match[2]!.replace(/\s+/g, ' ').trim()
    const [, says = whole, source = '', standing = ''] =
      /^(.*?) Source: (.*)\. Standing: (.*?)\.?$/.exec(whole) ?? []
    const labels = [...source.matchAll(/\[([^\]]+)\]/g)].map(([, label]) => label!)
    return {
      id: match[1]!,
      place: `${file}:${lineAt(text, match.index)}`,
      text: says,
      source,
      standing,
      first: standings.find((name) => standing.startsWith(name)) ?? 'assumed',
      links: labels.flatMap((label) => links.get(label) ?? []),
      missing: labels.filter((label) => !links.has(label)),
    }
  })
}
