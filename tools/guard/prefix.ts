import { serviceActions, services } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import { plain } from './mapping.ts'

const actionNames = new Map<string, ReadonlySet<string>>()
/** What nearly every service has says nothing of which it is. */
const common = /^(?:tag|untag|list)resources?$|^listtags|tagsforresource$/

/** The action prefixes that a service's operations are likely under, the likeliest first. */
export function prefixesOf(folder: string, model: RawModel, more: readonly string[]): readonly string[] {
  const { signingName, endpointPrefix, serviceId } = model.metadata
  const operations = Object.keys(model.operations).map(plain)
  const telling = operations.filter((name) => !common.test(name))
  const named = [...more, signingName, endpointPrefix, folder, plain(serviceId)].filter(
    (name) => name !== undefined && services().has(name),
  )
  // what a service was called before has the same actions
  const ownFirst = (a: string, b: string) => Number(b === folder) - Number(a === folder)
  const byOverlap = [...new Set(named)]
    .map((prefix) => [prefix!, overlap(prefix!, telling)] as const)
    .filter(([, count]) => count > 0)
    .sort(([a, most], [b, more]) => more - most || ownFirst(a, b))
    .map(([prefix]) => prefix)
  const [best] = byOverlap
  if (best !== undefined && overlap(best, telling) * 2 > telling.length) return byOverlap
  // Under whatever prefix most of its operations are actions.
  const anywhere = [...services().keys()]
    .map((prefix) => [prefix, overlap(prefix, telling)] as const)
    .filter(([, count]) => count >= 3 && count * 2 > telling.length)
    .sort(([, a], [, b]) => b - a)
    .map(([prefix]) => prefix)
  return [...new Set([...byOverlap, ...anywhere.slice(0, 1), ...named.map((name) => name!)])]
}

function overlap(prefix: string, operations: readonly string[]): number {
  let names = actionNames.get(prefix)
  if (names === undefined) {
    names = new Set(serviceActions(prefix).map(({ name }) => plain(name)))
    actionNames.set(prefix, names)
  }
  return operations.filter((name) => names.has(name)).length
}
