import type { JsonNode } from '@omen-iam/policy'
import { at, member, membersOf, textOf } from '../nodes.ts'
import { folderOf, pathWithin } from './paths.ts'

/** The entry of one template file's stack in a cloud assembly's manifest (cdk.out). */
export interface AssemblyStack {
  readonly stack: string
  readonly account?: string
  readonly region?: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Returns whether it is the manifest.json of a cloud assembly of the AWS CDK. */
export function isAssemblyManifest(root: JsonNode): boolean {
  return textOf(member(root, 'version')) !== undefined && member(root, 'artifacts')?.type === 'object'
}

/**
 * The stacks of an assembly by the paths of their template files. A file outside of the manifest's folder is left out.
 * Source: AWS CDK, cloud-assembly-schema.
 */
export function stacksOfAssembly(root: JsonNode, file: string): ReadonlyMap<string, AssemblyStack> {
  const folder = folderOf(file)
  const stacks = new Map<string, AssemblyStack>()
  for (const { key, value } of membersOf(member(root, 'artifacts'))) {
    if (textOf(member(value, 'type')) !== 'aws:cloudformation:stack') continue
    const path = pathWithin(folder, file, textOf(at(value, 'properties', 'templateFile')) ?? '')
    if (path === undefined) continue
    const [, account, region] =
      /^aws:\/\/(\d{12}|unknown-account)\/([\w-]+)$/.exec(textOf(member(value, 'environment')) ?? '') ?? []
    const parameters = membersOf(at(value, 'properties', 'parameters')).flatMap(
      ({ key: name, value: given }) => {
        const text = textOf(given)
        return text === undefined ? [] : [[name.value, text] as const]
      },
    )
    stacks.set(path, {
      stack: textOf(at(value, 'properties', 'stackName')) ?? key.value,
      ...(account === undefined || account === 'unknown-account' ? {} : { account }),
      ...(region === undefined || region === 'unknown-region' ? {} : { region }),
      parameters: Object.fromEntries(parameters),
    })
  }
  return stacks
}

/**
 * Returns whether it is the tree of constructs that the AWS CDK writes beside its templates; nothing is read of it.
 */
export function isConstructTree(root: JsonNode): boolean {
  return textOf(member(root, 'version')) === 'tree-0.1'
}

/** Returns whether it is a list of the assets of a stack, as the AWS CDK writes it beside a template. */
export function isAssetManifest(root: JsonNode): boolean {
  return textOf(member(root, 'version')) !== undefined && member(root, 'files')?.type === 'object'
}

/** The paths of the files in a list of assets, by the hashes that name them in a bucket. */
export function filesOfAssets(root: JsonNode, file: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const { key, value } of membersOf(member(root, 'files'))) {
    const path = pathWithin(folderOf(file), file, textOf(at(value, 'source', 'path')) ?? '')
    if (path !== undefined) files.set(key.value, path)
  }
  return files
}
