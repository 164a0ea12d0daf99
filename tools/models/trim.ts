import type { Member, OmittedOperation, ServiceModel, Shape } from '../../packages/server/src/model/index.ts'
import type { Service } from './services.ts'

/** The model with the operations that `service.only` names, the shapes that these reach, and the others' names. */
export function trim(model: ServiceModel, service: Service): ServiceModel {
  const kept = new Set(service.only ?? Object.keys(model.operations))
  for (const name of kept)
    if (!model.operations[name]) throw new Error(`${service.id} has no operation ${name}`)
  const operations = Object.entries(model.operations)
  const keptOperations = operations.filter(([name]) => kept.has(name))
  const rest = model.protocol === 'restJson' || model.protocol === 'restXml'
  const omitted = operations
    .filter(([name]) => !kept.has(name))
    .map(([name, { http }]): [string, OmittedOperation] => [
      name,
      rest ? { method: http.method, uri: http.uri } : {},
    ])

  const reached = new Set<string>()
  const reach = (name: string | undefined): void => {
    if (name === undefined || reached.has(name)) return
    reached.add(name)
    for (const member of membersOf(model.shapes[name]!)) reach(member.shape)
  }
  for (const [, operation] of keptOperations) {
    reach(operation.input)
    reach(operation.output)
    for (const error of operation.errors) reach(error)
  }
  const byName = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
    Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    ...model,
    operations: byName(keptOperations),
    omitted: byName(omitted),
    shapes: byName(Object.entries(model.shapes).filter(([name]) => reached.has(name))),
  }
}

function membersOf(shape: Shape): readonly Member[] {
  if (shape.type === 'structure') return Object.values(shape.members)
  if (shape.type === 'list') return [shape.member]
  if (shape.type === 'map') return [shape.key, shape.value]
  return []
}
