import { type JsonNode, Lines } from '@omen-iam/policy'
import { type AccountId, type Partition, parseAccountId, parsePartition } from '../../base/index.ts'
import { member, type ResolveOptions, type Text, textOf } from '../../sources/index.ts'
import { IntakeProblem } from '../problem.ts'
import type { Home, ImageBuilder } from './builder.ts'
import { type Declared, Fields, NotTakeable } from './fields.ts'
import { arnStandIn, type PlannedResource, TerraformPlan } from './terraform-plan.ts'
import { takeTerraformResource, terraformStatement } from './terraform-resources.ts'

/** Takes what a plan of Terraform makes, or a state has, into an image. */
export function takeTerraform(
  { file, text, root }: { readonly file: string; readonly text: string; readonly root: JsonNode },
  builder: ImageBuilder,
  options: ResolveOptions,
): void {
  const plan = new TerraformPlan(root)
  const lines = new Lines(text)
  const at = (node: JsonNode) => {
    const { line, column } = lines.position(node.start)
    return { file, line, column }
  }
  const home = homeOf(plan, options, () => at(root))
  const statements = new Map<string, { readonly fields: Fields; readonly statements: unknown[] }>()
  for (const resource of plan.resources()) {
    const fields = new Fields(
      declaredOf(resource, plan, { ...home, ...ownHome(resource) }, file, text, at),
      builder,
    )
    try {
      const permission = terraformStatement(fields)
      if (permission !== undefined) {
        const known = statements.get(permission.arn)
        if (known === undefined)
          statements.set(permission.arn, { fields, statements: [permission.statement] })
        else known.statements.push(permission.statement)
        continue
      }
      const isTaken = takeTerraformResource(fields, builder)
      if (!isTaken && /^aws_(?:iam|organizations|ssoadmin)_/.test(resource.type))
        throw new NotTakeable('Omen keeps nothing of this type')
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
  file: string,
  source: string,
  at: Declared['at'],
): Declared {
  const text = (each: JsonNode | undefined): Text => {
    if (each?.type === 'scalar') return { value: each.raw }
    if (each?.type !== 'string') return { value: '', dependsOn: 'a value that is no text' }
    const dependsOn = plan.unknown.get(each)
    const value = each.value.replace(arnStandIn, `arn:${home.partition}:iam::${home.account}:`)
    return dependsOn === undefined ? { value } : { value, dependsOn }
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
  return { home, file, source, type, id: address, node, properties: values, text, unknownIn, at }
}

/** The account of a plan: what is asked for, what a data source read, or what the ARN of any resource says. */
function homeOf(
  plan: TerraformPlan,
  options: ResolveOptions,
  at: () => { file: string; line: number; column: number },
): Home {
  const read = options.account ?? plan.read('aws_caller_identity', 'account_id')
  const [known] = plan.resources().flatMap((each) => ownHome(each) ?? [])
  const partition = parsePartition(
    options.partition ?? plan.read('aws_partition', 'partition') ?? known?.partition ?? 'aws',
  )
  const account = parseAccountId(read ?? known?.account ?? '123456789012')
  if (account === undefined || partition === undefined) throw new IntakeProblem(at(), `${read} is no account`)
  const region =
    options.region ?? plan.read('aws_region', 'name') ?? plan.providerSetting('region') ?? 'us-east-1'
  return { account, partition, region }
}

/** What the ARN of a resource that exists says: providers of one plan may be of several accounts. */
function ownHome({
  values,
}: PlannedResource): { readonly account: AccountId; readonly partition: Partition } | undefined {
  const [, first = '', second = ''] =
    /^arn:([\w-]+):[^:]*:[^:]*:(\d{12}):/.exec(textOf(member(values, 'arn')) ?? '') ?? []
  const partition = parsePartition(first)
  const account = parseAccountId(second)
  return partition === undefined || account === undefined ? undefined : { account, partition }
}
