import type { Shape } from '@omen-iam/policy'
import type { EventSource, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { regionOf } from '../request/request-keys.ts'
import { type Known, shapeOf } from '../request/shape.ts'
import { bareResource, isListed, type Resource } from '../world/world.ts'
import { type FactOption, type FactQuestion, unknown } from './fact-option.ts'

/** The ways in which a function that is mapped to a source gets records. */
export function eventSources(question: FactQuestion, fact: string): readonly FactOption[] {
  const { questions, binding, known } = question
  const { world, index } = questions
  const sources = Object.entries(questions.table.sources)
  const open = sources.find(([type]) => !isListed(world.inventory, type))?.[0]
  const others = open === undefined ? [] : unknown(fact, 'notListed', { type: open })
  const { target } = binding
  if (target?.type !== 'role') return others
  const options: FactOption[] = []
  for (const [type, source] of sources) {
    for (const resource of index.resourcesOf(type).all)
      if (known.Region === undefined || known.Region === regionOf(resource.arn).Region)
        options.push(...existing(question, fact, source, resource))
    options.push(...made(question, fact, type, source))
  }
  return [...options, ...others]
}

/** A source that exists: it gets records, or the attacker puts one into it. */
function existing(
  question: FactQuestion,
  fact: string,
  { reads, writes, to }: EventSource,
  source: Resource,
): readonly FactOption[] {
  const { type, arn, tags, facts } = source
  const asked = question.asTarget(reads, arn)
  const known = regionOf(arn)
  const { getsRecords } = facts
  const own = { fact, says: 'value', of: { value: arn } }
  if (getsRecords === true)
    return [{ facts: [{ ...own, known: 'inventory' }], needs: [], asked, fixed: known }]
  const resource =
    to === undefined
      ? bareResource(type, arn, tags)
      : bareResource(to.type, arn.split(to.before, 1)[0] ?? arn)
  return [
    ...writes.filter(question.mayAsk).map((action) => ({
      facts: [{ fact, says: 'written', of: { source: arn }, known: 'inventory' as const }],
      needs: [{ action, on: { is: 'resource', type: resource.type } as const }],
      resources: new Map([[resource.type, resource]]),
      asked,
      fixed: known,
    })),
    ...(getsRecords === false
      ? []
      : [{ facts: [{ ...own, known: 'unknown' as const }], needs: [], asked, fixed: known }]),
  ]
}

/** A source that the attacker makes, and writes to. */
function made(
  question: FactQuestion,
  fact: string,
  type: string,
  { reads, writes, by, arn }: EventSource,
): readonly FactOption[] {
  if (!question.mayAsk(by)) return []
  const asked = question.asTarget(reads, newResource(question, arn, question.known))
  return writes.filter(question.mayAsk).map((action) => ({
    facts: [{ fact, says: type, known: 'details' }],
    needs: [by, action].map((each): TechniqueNeed => ({ action: each, on: { is: 'new' } })),
    asked,
  }))
}

function newResource({ questions }: FactQuestion, template: string, known: Known): string | Shape {
  const { partition, account } = questions.world
  const service = template.split(':')[2] ?? ''
  return shapeOf(template, { partition, account, service, type: '', known, isNew: true })
}
