import type { JsonMember, JsonNode, JsonObject } from '@omen-iam/policy'
import { at, itemsOf, member, membersOf, textAt, textOf } from './nodes.ts'

/** Returns whether it is a state file of Terraform or OpenTofu as they store it (version 4, since Terraform 0.12). */
function isStateFile(root: JsonNode): boolean {
  const version = member(root, 'version')
  if (version?.type !== 'scalar' || version.value !== 4) return false
  return member(root, 'resources')?.type === 'list' && textOf(member(root, 'terraform_version')) !== undefined
}

/**
 * Returns what a file of Terraform is that is not read, and what to give instead; undefined for others (behaviours TPL-189 and
 * TPL-191).
 */
export function foreignForm(root: JsonNode): string | undefined {
  if (isOldState(root))
    return 'it is a state of Terraform 0.11 or older: give the output of terraform show -json of a later version'
  return isConfiguration(root)
    ? 'it is a configuration of Terraform in JSON, as CDKTF writes it: give the output of terraform show -json of its plan'
    : undefined
}

function isOldState(root: JsonNode): boolean {
  const version = member(root, 'version')
  return version?.type === 'scalar' && Number(version.value) < 4 && member(root, 'modules')?.type === 'list'
}

/** Names of blocks, which a configuration in JSON has as its members; `//` is a comment. */
const blocks =
  /^(?:\/\/|terraform|provider|resource|data|variable|output|locals|module|import|moved|removed|check|ephemeral)$/

function isConfiguration(root: JsonNode): boolean {
  const names = membersOf(root).map(({ key }) => key.value)
  return names.some((name) => name !== '//') && names.every((name) => blocks.test(name))
}

/**
 * A state file in the form in which `terraform show -json` prints it, each value at its place; other trees as they are
 * (behaviour TPL-140).
 */
export function asShown(root: JsonNode): JsonNode {
  if (!isStateFile(root)) return root
  const resources = itemsOf(member(root, 'resources')).flatMap((each) =>
    itemsOf(member(each, 'instances')).flatMap((instance): readonly JsonNode[] => {
      // an object that waits for its deletion
      if (textOf(member(instance, 'deposed')) !== undefined) return []
      const { start, end } = instance
      const values = member(instance, 'attributes') ?? { type: 'object', members: [], start, end }
      const address = textAt(addressOf(each, instance), instance)
      return [
        object(instance, [
          ['address', address],
          ['mode', member(each, 'mode')],
          ['type', member(each, 'type')],
          ['name', member(each, 'name')],
          ['provider_name', member(each, 'provider')],
          ['values', values],
        ]),
      ]
    }),
  )
  const { start, end } = root
  const list: JsonNode = { type: 'list', items: resources, start, end }
  return object(root, [
    ['format_version', textAt('1.0', root)],
    ['terraform_version', at(root, 'terraform_version')],
    ['values', object(root, [['root_module', object(root, [['resources', list]])]])],
  ])
}

function addressOf(resource: JsonNode, instance: JsonNode): string {
  const text = (name: string) => textOf(member(resource, name)) ?? ''
  const data = text('mode') === 'data' ? 'data.' : ''
  const module = text('module') === '' ? '' : `${text('module')}.`
  return `${module}${data}${text('type')}.${text('name')}${keyText(member(instance, 'index_key'))}`
}

/** The key of `count` or `for_each` as addresses have it; empty if there is none. */
export function keyText(key: JsonNode | undefined): string {
  if (key?.type === 'string') return `[${JSON.stringify(key.value)}]`
  return key?.type === 'scalar' && typeof key.value === 'number' ? `[${key.raw}]` : ''
}

function object(place: JsonNode, entries: readonly (readonly [string, JsonNode | undefined])[]): JsonObject {
  const { start, end } = place
  const members = entries.flatMap(([name, value]): JsonMember[] =>
    value === undefined ? [] : [{ key: textAt(name, value), value }],
  )
  return { type: 'object', members, start, end }
}
