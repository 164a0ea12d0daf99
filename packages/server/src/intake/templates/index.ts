import type { JsonNode } from '@omen-iam/policy'
import { parseAccountId, parsePartition } from '../../base/index.ts'
import {
  isAssemblyManifest,
  isAssetManifest,
  isConstructTree,
  isTemplate,
  isTerraform,
  type NestedPlace,
  type ResolvedResource,
  type ResolvedTemplates,
  type ResolveOptions,
  resolveTemplates,
} from '../../sources/index.ts'
import { IntakeProblem } from '../problem.ts'
import { type Home, ImageBuilder, type TemplateImage } from './builder.ts'
import { takeCenter } from './center-resources.ts'
import { takeIdentity } from './cloudformation.ts'
import { type Declared, Fields, NotTakeable } from './fields.ts'
import { takeLender } from './lenders.ts'
import { takeOrganization } from './organizations.ts'
import { busStatementOf, type Permission, permissionOf, takeResourcePolicies } from './resource-policies.ts'
import { takeTerraform } from './terraform.ts'
import { takeKey } from './under-keys.ts'

export { placeKey, type TemplateImage } from './builder.ts'
export { unreadDocuments } from './terraform-types.ts'

/** A file that holds a template, a plan or state of Terraform, or the manifest of a cloud assembly. */
export interface TemplateSource {
  readonly file: string
  readonly text: string
  readonly root: JsonNode
}

/** Returns whether a tree is one that `imageOfTemplates` reads. */
export function isTemplateSource(root: JsonNode): boolean {
  return [isTemplate, isTerraform, isAssemblyManifest, isAssetManifest, isConstructTree].some((is) =>
    is(root),
  )
}

/**
 * Everything that templates create together, as an image: each knows the exports of the others. @throws IntakeProblem
 * if CloudFormation would refuse a template, or a file reaches a limit
 */
export function imageOfTemplates(
  sources: readonly TemplateSource[],
  options: ResolveOptions = {},
): TemplateImage {
  const builder = new ImageBuilder({ parts: options.parts })
  const plans = sources.filter(({ root }) => isTerraform(root))
  for (const plan of plans) takeTerraform(plan, builder, options)
  const texts = new Map(sources.map(({ file, text }) => [file, text]))
  const { readNested } = options
  const noting = (nested: NestedPlace) => {
    const template = readNested?.(nested)
    if (template !== undefined) texts.set(nested.url, template.text)
    return template
  }
  const resolved = resolveTemplates(
    sources.filter((each) => !plans.includes(each)),
    readNested === undefined ? options : { ...options, readNested: noting },
  )
  const [problem] = resolved.problems
  if (problem !== undefined) {
    const { file, place, message } = problem
    throw new IntakeProblem({ file, line: place.line, column: place.column }, message.replace(/\.$/, ''))
  }
  const permissions = new Map<string, { readonly fields: Fields; readonly statements: unknown[] }>()
  for (const resource of resolved.resources)
    take(
      resource,
      resolved,
      builder,
      permissions,
      texts.get(resource.file) ?? options.read?.(resource.file) ?? '',
    )
  for (const [arn, { fields, statements }] of permissions) {
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    builder.lists(fields.declared.home, fields.at).resourcePolicies.push({ at: fields.at, arn, document })
  }
  for (const { file, place, message, kind } of resolved.notes) {
    const at = { file, line: place.line, column: place.column }
    const name = message.slice(0, Math.max(message.indexOf(': '), 0))
    builder.notTake({ at, kind, name, reason: message.slice(name.length + 2) })
  }
  return builder.image()
}

function take(
  resource: ResolvedResource,
  resolved: ResolvedTemplates,
  builder: ImageBuilder,
  permissions: Map<string, { readonly fields: Fields; readonly statements: unknown[] }>,
  source: string,
): void {
  const declared = declaredOf(resource, resolved, source)
  const fields = new Fields(declared, builder)
  const isIdentity = /^AWS::(?:IAM|Organizations|SSO)::/.test(resource.type)
  const skip = (reason: string) =>
    builder.notTake({
      at: fields.at,
      account: declared.home.account,
      kind: resource.type,
      name: resource.logicalId,
      reason,
    })
  try {
    if (resource.uncertain !== undefined) {
      if (isIdentity) skip(`whether it is made depends on ${resource.uncertain}`)
      return
    }
    const permission = statementOf(fields, resource.type)
    if (permission !== undefined) {
      const before = permissions.get(permission.arn)
      if (before === undefined)
        permissions.set(permission.arn, { fields, statements: [permission.statement] })
      else before.statements.push(permission.statement)
      return
    }
    takeKey(fields, builder, arnOf(resource))
    // such a resource may have a policy as well
    takeLender(fields, builder)
    const isTaken =
      takeIdentity(fields, builder, resource) ||
      takeCenter(fields, builder, arnOf(resource)) ||
      takeOrganization(fields, builder, resource) ||
      takeResourcePolicies(fields, builder, resource)
    if (!isTaken && isIdentity) skip('Omen keeps nothing of this type')
  } catch (error) {
    if (!(error instanceof NotTakeable)) throw error
    skip(error.message)
  }
}

function arnOf({ arn, physicalId }: ResolvedResource): string | undefined {
  const text = arn ?? physicalId
  return text.dependsOn === undefined ? text.value : undefined
}

function statementOf(fields: Fields, type: string): Permission | undefined {
  if (type === 'AWS::Lambda::Permission') return permissionOf(fields)
  return type === 'AWS::Events::EventBusPolicy' ? busStatementOf(fields) : undefined
}

function declaredOf(resource: ResolvedResource, resolved: ResolvedTemplates, source: string): Declared {
  const { file, type, logicalId, node, properties } = resource
  return {
    home: homeOf(resource),
    file,
    source,
    type,
    id: logicalId,
    node,
    properties,
    text: (each) => resolved.text(each),
    unknownIn: (each) => resolved.unknownIn(each),
    isExact: true,
    at: (each) => {
      const { line, column } = resource.place(each)
      return { file, line, column }
    },
  }
}

function homeOf({ file, node, place, account, partition, region }: ResolvedResource): Home {
  const id = parseAccountId(account)
  const home = parsePartition(partition)
  if (id === undefined || home === undefined) {
    const { line, column } = place(node)
    throw new IntakeProblem({ file, line, column }, `${account} in ${partition} is no account`)
  }
  return { account: id, partition: home, region }
}
