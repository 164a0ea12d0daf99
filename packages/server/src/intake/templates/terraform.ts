import { type JsonNode, Lines } from '@omen-iam/policy'
import { type AccountId, type Partition, parseAccountId, parsePartition } from '../../base/index.ts'
import type { RoleImage } from '../../image/index.ts'
import { member, type ResolveOptions, type Text, textOf } from '../../sources/index.ts'
import { IntakeProblem } from '../problem.ts'
import type { Home, ImageBuilder } from './builder.ts'
import { type Declared, Fields, NotTakeable } from './fields.ts'
import type { PlanHome } from './terraform-names.ts'
import { type PlannedResource, TerraformPlan } from './terraform-plan.ts'
import { takeTerraformResource, terraformStatement } from './terraform-resources.ts'
import { grants } from './terraform-types.ts'
import { takeTerraformKey } from './under-keys.ts'

/** Takes what a plan of Terraform makes, or a state has, into an image. */
export function takeTerraform(
  { file, text, root }: { readonly file: string; readonly text: string; readonly root: JsonNode },
  builder: ImageBuilder,
  options: ResolveOptions,
): void {
  const plan = new TerraformPlan(root, options)
  const lines = new Lines(text)
  const at = (node: JsonNode) => {
    const { line, column } = lines.position(node.start)
    return { file, line, column }
  }
  const main = homeOf(plan.homes.main, () => at(root))
  if (isErrored(root))
    builder.notTake({
      at: at(root),
      account: main.account,
      kind: 'plan',
      name: file,
      reason: 'Terraform ended with an error, so that changes are missing in it',
    })
  knowRoles(plan, builder, (node) => at(node))
  knowPolicies(plan, builder, (node) => at(node))
  const names = new Map<string, string>()
  const statements = new Map<string, { readonly fields: Fields; readonly statements: unknown[] }>()
  for (const resource of plan.resources()) {
    const fields = new Fields(
      declaredOf(
        resource,
        plan,
        { ...homeOf(plan.homes.of(resource.address, resource.values), () => at(root)), ...ownHome(resource) },
        { file, text, isExact: options.exact === true },
        at,
      ),
      builder,
    )
    try {
      const permission = terraformStatement(fields)
      if (permission !== undefined) {
        const before = statements.get(permission.arn)
        if (before === undefined)
          statements.set(permission.arn, { fields, statements: [permission.statement] })
        else before.statements.push(permission.statement)
        continue
      }
      refuseSecond(fields, names)
      takeTerraformKey(fields, builder)
      const isTaken = takeTerraformResource(fields, builder)
      if (!isTaken && grants(resource)) throw new NotTakeable('Omen keeps nothing of this type')
      for (const [name, texts] of plan.choicesOf(resource))
        builder.find({
          at: fields.at,
          account: fields.declared.home.account,
          code: 'one-of-these',
          message:
            texts.length === 1
              ? `${resource.type} ${resource.address}: ${name} is taken to be ${texts[0]}, the only one that the plan makes.`
              : `${resource.type} ${resource.address}: ${name} is one of ${texts.join(', ')}, and is shown for each.`,
        })
      for (const note of plan.notesOf(resource)) fields.note(resource.node, note, 'pattern')
      const inferred = plan.inferredOf(resource)
      if (inferred !== undefined) fields.note(resource.node, inferred)
    } catch (error) {
      if (!(error instanceof NotTakeable)) throw error
      const { account } = fields.declared.home
      builder.notTake({
        at: fields.at,
        account,
        kind: resource.type,
        name: resource.address,
        reason: error.message,
      })
    }
  }
  for (const [arn, { fields, statements: list }] of statements) {
    const document = JSON.stringify({ Version: '2012-10-17', Statement: list })
    builder.lists(fields.declared.home, fields.at).resourcePolicies.push({ at: fields.at, arn, document })
  }
}

function declaredOf(
  { address, type, node, values }: PlannedResource,
  plan: TerraformPlan,
  home: Home,
  {
    file,
    text: source,
    isExact,
  }: { readonly file: string; readonly text: string; readonly isExact: boolean },
  at: Declared['at'],
): Declared {
  const text = (each: JsonNode | undefined): Text => {
    if (each?.type === 'scalar') return { value: each.raw }
    if (each?.type !== 'string') return { value: '', dependsOn: 'a value that is no text' }
    const dependsOn = plan.unknown.get(each)
    return dependsOn === undefined ? { value: each.value } : { value: each.value, dependsOn }
  }
  const unknownIn = (each: JsonNode | undefined): string | undefined => {
    switch (each?.type) {
      case 'string':
        return plan.unknown.get(each)
      case 'list':
        return each.items.map(unknownIn).find((reason) => reason !== undefined)
      case 'object':
        return each.members.map(({ value }) => unknownIn(value)).find((reason) => reason !== undefined)
      default:
        return undefined
    }
  }
  const placed: Declared['at'] = (each) => ({ ...at(each), resource: address })
  return {
    home,
    file,
    source,
    type,
    id: address,
    node,
    properties: values,
    text,
    unknownIn,
    isExact,
    at: placed,
  }
}

/** Notes the roles that data sources have read: a plan adds to them, and does not make them. */
function knowRoles(plan: TerraformPlan, builder: ImageBuilder, at: Declared['at']): void {
  for (const [address, node] of plan.data()) {
    const values = member(node, 'values')
    const text = (name: string) => textOf(member(values, name)) || undefined
    const [name, path, trust, boundaryArn] = [
      'name',
      'path',
      'assume_role_policy',
      'permissions_boundary',
    ].map(text)
    if (textOf(member(node, 'type')) !== 'aws_iam_role' || name === undefined) continue
    const role: RoleImage = {
      at: { ...at(node), resource: address },
      name,
      ...(path === undefined ? {} : { path }),
      ...(trust === undefined ? {} : { trust }),
      ...(boundaryArn === undefined ? {} : { boundaryArn }),
    }
    builder.know(
      homeOf(plan.homes.of(address, values), () => at(node)),
      'roles',
      role,
    )
  }
}

/** Notes the managed policies that data sources have read. */
function knowPolicies(plan: TerraformPlan, builder: ImageBuilder, at: Declared['at']): void {
  for (const [address, node] of plan.data()) {
    if (textOf(member(node, 'type')) !== 'aws_iam_policy') continue
    const values = member(node, 'values')
    const [arn, document] = ['arn', 'policy'].map((name) => textOf(member(values, name)) || undefined)
    if (arn === undefined || document === undefined) continue
    const place = { ...at(node), resource: address }
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    builder.knowPolicy(arn, { at: place, name, versions: [{ at: place, document }] })
  }
}

/** Types of which an account has one of each name. */
const named = /^aws_iam_(?:role|user|group|policy|instance_profile)$/

/** A second resource of one name would replace the first. @throws NotTakeable */
function refuseSecond({ declared }: Fields, names: Map<string, string>): void {
  const { type, id, home, properties } = declared
  if (!named.test(type)) return
  const { value } = declared.text(member(properties, 'name'))
  const key = `${home.account} ${type} ${value.toLowerCase()}`
  const first = names.get(key)
  if (first !== undefined) throw new NotTakeable(`${first} has the name ${value} too, in the same account`)
  names.set(key, id)
}

/** Whether Terraform could not finish the plan. */
function isErrored(root: JsonNode): boolean {
  const errored = member(root, 'errored')
  return errored?.type === 'scalar' && errored.value === true
}

function homeOf(home: PlanHome, at: () => { file: string; line: number; column: number }): Home {
  const partition = parsePartition(home.partition)
  const account = parseAccountId(home.account)
  if (account === undefined || partition === undefined)
    throw new IntakeProblem(at(), `${home.account} is no account`)
  return { account, partition, region: home.region }
}

/** The account and region in the ARN of a resource that exists: providers of one plan may be of several accounts. */
function ownHome({
  values,
}: PlannedResource): { readonly account: AccountId; readonly partition: Partition } | undefined {
  const [, first = '', second = ''] =
    /^arn:([\w-]+):[^:]*:[^:]*:(\d{12}):/.exec(textOf(member(values, 'arn')) ?? '') ?? []
  const partition = parsePartition(first)
  const account = parseAccountId(second)
  return partition === undefined || account === undefined ? undefined : { account, partition }
}
