import type { Determining } from '@omen-iam/policy'
import { type Path, titleOf, type World } from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'

/** The policies that decide on the requests of some paths, each once, as they are written. */
export function documentsOf({ origin }: World, paths: readonly Path[]): readonly OmenGraph.PolicyDocument[] {
  const found = new Map<string, OmenGraph.PolicyDocument>()
  for (const by of determiningOf(paths)) {
    const { layer, source, policy } = by
    const title = titleOf(source)
    const { line, column } = origin(policy) ?? { line: 1, column: 1 }
    const owner = source.inline?.owner ?? source.group
    found.set(`${layer} ${title}`, {
      policy: title,
      layer,
      ...(source.arn === undefined ? {} : { arn: source.arn }),
      ...(owner === undefined ? {} : { owner }),
      text: policy.text,
      line,
      column,
    })
  }
  return [...found.values()]
}

function determiningOf(paths: readonly Path[]): readonly Determining[] {
  return paths.flatMap(({ steps, before = [] }) =>
    [...before, ...steps].flatMap(({ proof }) => {
      if (proof === undefined) return []
      if ('witness' in proof) return proof.witness.decisions.flatMap(({ by }) => by)
      return 'because' in proof && 'deny' in proof.because && proof.because.deny !== undefined
        ? [proof.because.deny]
        : []
    }),
  )
}
