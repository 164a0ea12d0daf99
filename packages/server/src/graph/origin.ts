import type { Document } from './world.ts'

type Source = Document['source']

const originals = new WeakMap<Source, Source>()

/** The same source as a group passes it on: its text stays where it is. */
export function throughGroup(source: Source, group: string): Source {
  const copy = { ...source, group }
  originals.set(copy, originalOf(source))
  return copy
}

/** The source that was read. */
export function originalOf(source: Source): Source {
  return originals.get(source) ?? source
}
