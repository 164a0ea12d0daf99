import type { ActionInfo } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import { plain } from './mapping.ts'
import type { WrittenTags } from './notation.ts'
import type { RawOperation } from './raw.ts'

const scalars = new Set(['string', 'boolean', 'integer', 'long', 'double', 'float'])

/** Condition keys of these actions whose name is that of a member of the input, and where the value stands. */
export function keysOf(
  actions: readonly ActionInfo[],
  { shapes }: RawModel,
  operation: RawOperation,
): Readonly<Record<string, string>> {
  const input = operation.input && shapes[operation.input.shape]
  const members = new Map(Object.keys(input?.members ?? {}).map((name) => [plain(name), name]))
  const keys: Record<string, string> = {}
  for (const key of namedKeys(actions)) {
    const [prefix = '', name = ''] = key.split(':', 2)
    // what is asked is kept with a denial: no secret may be in it
    if (prefix === 'aws' || name.includes('/') || /(?:token|\.value)$/i.test(name)) continue
    // S3 names these keys after the headers that bring them.
    if (prefix === 's3' && name.startsWith('x-amz-')) keys[key] = `#${name}`
    const path = name.includes('.') ? pathOf(shapes, input, name.split('.')) : undefined
    if (path !== undefined) keys[key] = path
    const member = members.get(plain(name))
    if (member === undefined) continue
    const shape = shapes[input!.members![member]!.shape]!
    if (scalars.has(shape.type)) keys[key] = member
    if (shape.type === 'list' && scalars.has(shapes[shape.member!.shape]!.type)) keys[key] = `${member}[]`
  }
  return keys
}

/** The place that a key spells out, `environment.image`, lists on the way opened; none where no text stands there. */
function pathOf(
  shapes: RawModel['shapes'],
  input: RawModel['shapes'][string] | undefined,
  steps: readonly string[],
): string | undefined {
  let shape = input
  let place = ''
  for (const step of steps) {
    const member = shape?.members?.[step]
    if (member === undefined) return undefined
    place += place === '' ? step : `.${step}`
    shape = shapes[member.shape]
    if (shape?.type === 'list') {
      place += '[]'
      shape = shapes[shape.member!.shape]
    }
  }
  return shape !== undefined && scalars.has(shape.type) ? place : undefined
}

/** Where the tags of the request stand, if the actions know aws:RequestTag or aws:TagKeys. */
export function tagsOf(
  actions: readonly ActionInfo[],
  { shapes }: RawModel,
  operation: RawOperation,
): readonly WrittenTags[] {
  const known = namedKeys(actions).some((key) => key.startsWith('aws:RequestTag') || key === 'aws:TagKeys')
  const input = operation.input && shapes[operation.input.shape]
  if (!known || input === undefined) return []
  return Object.entries(input.members ?? {}).flatMap(([name, { shape }]): readonly WrittenTags[] => {
    const target = shapes[shape]!
    const called = plain(name)
    if (called === 'tagspecifications' || called === 'tagspecification')
      return [{ at: `${name}[].Tags[]`, key: 'Key', value: 'Value' }]
    if (/^(?:tagkeys?|tagkeylist|untagkeys|tagstoremove)$/.test(called))
      return target.type === 'list' ? [{ at: `${name}[]`, form: 'keys' }] : []
    if (!/^(?:\w*tags|taglist|tagset|tagging|tagstoadd|resourcetags)$/.test(called)) return []
    if (target.type === 'map') return [{ at: name, form: 'map' }]
    if (target.type !== 'list') return []
    const item = shapes[target.member!.shape]!
    if (item.type === 'string') return [{ at: `${name}[]`, form: 'keys' }]
    const names = Object.keys(item.members ?? {})
    const key = names.find((member) => /^(?:tag)?key$/i.test(member))
    const value = names.find((member) => /^(?:tag)?value$/i.test(member))
    return key === undefined ? [] : [{ at: `${name}[]`, key, ...(value !== undefined && { value }) }]
  })
}

function namedKeys(actions: readonly ActionInfo[]): readonly string[] {
  const keys = actions.flatMap(({ conditionKeys, resources }) => [
    ...conditionKeys,
    ...resources.flatMap((resource) => resource.conditionKeys),
  ])
  return [...new Set(keys)]
}
