import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import type { JsonNode } from '@omen-iam/policy'
import {
  emptyImage,
  type Image,
  IntakeProblem,
  imageOfTemplates,
  isTemplateSource,
  type TemplateSource,
} from '../../intake/index.ts'
import { at, isTerraform, itemsOf, member, parseSource, type ResolveOptions } from '../../sources/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'
import type { PlacedImage } from '../graph/planned.ts'
import { LeftOut } from '../left-out.ts'
import { lintFiles } from '../lint/files.ts'

/** The options given with the templates. */
export type DeployOptions = Pick<ResolveOptions, 'parameters' | 'account' | 'region' | 'stack' | 'existing'>

/**
 * Templates, plans and states in files and folders, with their trees. @throws CommandFailure if one that is named cannot be read
 */
export function readTemplates(paths: readonly string[], leftOut = new LeftOut()): readonly TemplateSource[] {
  const sources: TemplateSource[] = []
  for (const { name, text, isFound } of lintFiles(paths, leftOut)) {
    const root = parseSource(text, name)
    if (root.type !== 'problem' && isTemplateSource(root)) sources.push({ file: name, text, root })
    else if (!isFound)
      throw badSyntax(`${name}: ${root.type === 'problem' ? root.message : 'it is no template and no plan'}`)
    else if (root.type === 'problem') leftOut.noteBroken(name, text, root.message)
  }
  if (sources.length === 0)
    throw badSyntax(`${paths.join(', ')}: there are no templates and no plans${leftOut.words}`)
  return sources
}

/** The state that templates create. @throws CommandFailure with the place of what CloudFormation would refuse */
export function stateOfTemplates(sources: readonly TemplateSource[], options: DeployOptions): PlacedImage {
  const names = sources.map(({ file }) => file)
  try {
    const image = imageOfTemplates(sources, {
      ...options,
      parts: true,
      read: (file) => readWithin(names, file),
    })
    return { image, statementPlaces: image.statementPlaces }
  } catch (error) {
    throw error instanceof IntakeProblem ? badConfiguration(error.message) : error
  }
}

/** The state before a Terraform plan: the state that the plan contains. */
export function stateBeforePlan(
  { file, text, root }: TemplateSource,
  options: DeployOptions,
): PlacedImage | undefined {
  const isPlan = member(root, 'planned_values') ?? member(root, 'resource_changes')
  if (!isTerraform(root) || isPlan === undefined) return undefined
  const values = at(root, 'prior_state', 'values')
  const { start, end } = root
  const key = (value: string) => ({ type: 'string' as const, value, start, end })
  const object = (members: Readonly<Record<string, JsonNode>>): JsonNode => ({
    type: 'object',
    members: Object.entries(members).map(([name, value]) => ({ key: key(name), value })),
    start,
    end,
  })
  const addresses = new Set(addressesIn(at(values, 'root_module')))
  // what is imported, or what a plan without its state changes, is there before
  const others = itemsOf(member(root, 'resource_changes')).flatMap((change): readonly JsonNode[] => {
    const [before, address, type] = [
      at(change, 'change', 'before'),
      member(change, 'address'),
      member(change, 'type'),
    ]
    if (before?.type !== 'object' || address?.type !== 'string' || type === undefined) return []
    if (member(change, 'deposed') !== undefined || addresses.has(address.value)) return []
    return [object({ address, mode: member(change, 'mode') ?? key('managed'), type, values: before })]
  })
  if (values === undefined && others.length === 0) return { image: emptyImage, statementPlaces: new Map() }
  const modules: readonly JsonNode[] = [
    ...[at(values, 'root_module')].filter((each) => each !== undefined),
    object({ resources: { type: 'list', items: others, start, end } }),
  ]
  const root_module = object({ child_modules: { type: 'list', items: modules, start, end } })
  const state = object({ format_version: key('1.0'), values: object({ root_module }) })
  return stateOfTemplates([{ file, text, root: state }], options)
}

function addressesIn(module: JsonNode | undefined): readonly string[] {
  const here = itemsOf(member(module, 'resources')).flatMap((each) => {
    const address = member(each, 'address')
    return address?.type === 'string' ? [address.value] : []
  })
  return [...here, ...itemsOf(member(module, 'child_modules')).flatMap(addressesIn)]
}

/** Names of roles, users, groups and policies that a plan of Terraform deletes, by type. */
export function deletedBy({
  root,
}: TemplateSource): readonly { readonly type: string; readonly name: string }[] {
  return itemsOf(member(root, 'resource_changes')).flatMap((change) => {
    const actions = itemsOf(at(change, 'change', 'actions')).map((each) =>
      each.type === 'string' ? each.value : '',
    )
    const type = member(change, 'type')
    const name = at(change, 'change', 'before', 'name')
    if (actions.join() !== 'delete' || type?.type !== 'string' || name?.type !== 'string') return []
    return [{ type: type.value, name: name.value }]
  })
}

/** An image without what a Terraform plan deletes. */
export function without(image: Image, deleted: ReturnType<typeof deletedBy>): Image {
  const gone = new Set(deleted.map(({ type, name }) => `${type} ${name.toLowerCase()}`))
  const kept = (type: string) => (thing: { readonly name: string }) =>
    !gone.has(`${type} ${thing.name.toLowerCase()}`)
  return {
    ...image,
    accounts: image.accounts.map((account) => ({
      ...account,
      roles: account.roles.filter(kept('aws_iam_role')),
      users: account.users.filter(kept('aws_iam_user')),
      groups: account.groups.filter(kept('aws_iam_group')),
      policies: account.policies.filter(kept('aws_iam_policy')),
    })),
  }
}

/** Reads a nested template within the folder of one of the files; links that lead out are not followed. */
export function readWithin(files: readonly string[], file: string): string | undefined {
  const path = resolve(file)
  if (!existsSync(path) || !statSync(path).isFile()) return undefined
  const real = realpathSync(path)
  const folders = files.map((each) => realpathSync(dirname(resolve(each))))
  if (!folders.some((folder) => real.startsWith(folder + sep))) return undefined
  return statSync(real).size > mostBytes ? undefined : readFileSync(real, 'utf8').replace(/^\ufeff/, '')
}

/** CloudFormation takes templates of 1 MB. */
const mostBytes = 4 * 1024 * 1024
