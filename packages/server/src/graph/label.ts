import { type Technique, techniqueTable } from '../authorization/catalogue/index.ts'
import type { Step } from './proof/fact-graph.ts'

let labels: ReadonlyMap<string, string> | undefined

/** A technique in AWS's words: the action that decides, or the service that a role is passed to. */
export function labelOf(technique: string): string {
  labels ??= new Map(techniqueTable().techniques.map((each) => [each.id, labelOfRow(each)]))
  return labels.get(technique) ?? technique
}

let alternatives: ReadonlyMap<string, readonly string[]> | undefined

/** The label of a step, the same wherever it is shown: a technique with nothing but ways is named by the first call of its way. [GRD-724] */
export function labelOfStep({ technique, proof }: Pick<Step, 'technique' | 'proof'>): string {
  const requests = proof !== undefined && 'witness' in proof ? proof.witness.requests : []
  alternatives ??= new Map(
    techniqueTable().techniques.flatMap(({ id, needs, ways, passesTo }) =>
      needs.length > 0 || passesTo !== undefined || ways.length < 2
        ? []
        : [[id, ways.flatMap((way) => way.needs[0]?.action ?? [])]],
    ),
  )
  const call = alternatives.get(technique)?.find((each) => requests.some(({ action }) => action === each))
  return call === undefined ? labelOf(technique) : call.slice(call.indexOf(':') + 1)
}

function labelOfRow({ id, title, passesTo }: Technique): string {
  const [service] = passesTo ?? []
  if (id.startsWith('pass.') && service !== undefined)
    return `PassRole to ${service.replace(/\.amazonaws\.com(?:\.cn)?$/, '')}`
  return /^[a-z0-9-]+:(\w+)/.exec(title)?.[1] ?? /^\w+ \((\w+)/.exec(title)?.[1] ?? title
}

/** The part of an ARN that people read. */
export function shortArn(arn: string): string {
  return /^arn:[^:]*:iam::\d*:(.+)$/.exec(arn)?.[1] ?? arn
}
