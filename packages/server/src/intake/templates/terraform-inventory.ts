import { type JsonNode, parseJson } from '@omen-iam/policy'
import { itemsOf, member, type ResolveOptions, rowOf, textOf } from '../../sources/index.ts'
import { arnByName, arnsByName, type Carrier, hasUnknownRole, isOfCode, isOfTechniques } from './carrier.ts'
import { attachedRoles, identityPool } from './identity-pools.ts'
import { membersOfTerraform } from './members.ts'
import { carrierTypes } from './terraform-carriers.ts'
import { TerraformPlan } from './terraform-plan.ts'

/** Resources, and the types of those whose ARNs are not known. */
interface PlannedCarriers {
  readonly carriers: readonly Carrier[]
  readonly lost: readonly string[]
  /** Whether something of IAM Identity Center is among the resources. */
  readonly isOfCenter: boolean
}

/** The resources of a plan or state that carry roles or that techniques ask for, as far as their ARNs are known. */
export function terraformCarriers(root: JsonNode, options: ResolveOptions): PlannedCarriers {
  const lost: string[] = []
  const plan = new TerraformPlan(root, options)
  const withUrl = new Set(
    plan
      .resources()
      .flatMap(({ type, values }) =>
        type === 'aws_lambda_function_url' ? (textOf(member(values, 'function_name')) ?? []) : [],
      ),
  )
  const rolesOfPool = attachmentsIn(plan)
  const carriers = plan.resources().flatMap(({ type, address, values }): readonly Carrier[] => {
    const carrier = rowOf(carrierTypes, type)
    if (carrier === undefined) return []
    const isOn = carrier.if === undefined ? undefined : member(values, carrier.if)
    if (carrier.if !== undefined && !(isOn?.type === 'scalar' && isOn.value === true)) return []
    const knownText = (name: string) => {
      const node = member(values, name)
      return node === undefined || plan.unknown.has(node) ? undefined : textOf(node)
    }
    const written = knownText(carrier.arn ?? 'arn')
    const [, partition = 'aws', region = '', account = ''] =
      /^arn:([\w-]+):[^:]*:([^:]*):(\d{12}):/.exec(written ?? '') ?? []
    const settled = plan.homes.of(address, values)
    const home = {
      account: account || settled.account,
      region: region || settled.region,
    }
    const [attribute = '', own] = carrier.named ?? []
    const pattern = own ?? rowOf(arnsByName, carrier.type)?.[1]
    const name = knownText(attribute)
    const made =
      name === undefined || pattern === undefined
        ? undefined
        : arnByName(pattern, { partition, ...home }, name)
    const arn = written ?? made
    if (arn === undefined) {
      lost.push(carrier.type)
      return []
    }
    let isOpen = hasUnknownRole.has(carrier.type)
    const roleNames = Object.entries(carrier.roles).flatMap(([path, property]) => {
      const node = path.split('.').reduce<JsonNode | undefined>((each, step) => {
        const inner = each?.type === 'list' ? each.items[0] : each
        return member(inner?.type === 'string' ? documentIn(inner.value) : inner, step)
      }, values)
      const block =
        node?.type === 'list' ? (member(node.items[0], 'name') ?? member(node.items[0], 'arn')) : node
      const value = textOf(block)
      if (block !== undefined && plan.unknown.has(block)) isOpen = true
      return value === undefined || value === '' || (block !== undefined && plan.unknown.has(block))
        ? []
        : [{ property, value }]
    })
    const pool = carrier.type === identityPool ? rolesOfPool(values) : undefined
    const open =
      isOpen && !roleNames.some((each) => isOfCode(carrier.type, each)) ? { roleUnknown: true as const } : {}
    return roleNames.length === 0 && !isOfTechniques(carrier.type)
      ? []
      : [
          {
            type: carrier.type,
            arn,
            account: home.account,
            partition,
            roleNames: pool?.roleNames ?? roleNames,
            members: {
              ...membersOfTerraform(type, values, arn, plan.unknown, withUrl),
              ...open,
              ...pool?.members,
            },
          },
        ]
  })
  const isOfCenter = plan.resources().some(({ type }) => /^aws_(?:ssoadmin|identitystore)_/.test(type))
  return { carriers, lost, isOfCenter }
}

/** The roles that attachments give to a pool: by its id, or by its name if its id is known only after apply. */
function attachmentsIn(plan: TerraformPlan): (pool: JsonNode) => Pick<Carrier, 'roleNames' | 'members'> {
  const attached = plan
    .resources()
    .filter(({ type }) => type === 'aws_cognito_identity_pool_roles_attachment')
    .map(({ values }) => values)
  const poolOf = (values: JsonNode): string | undefined => {
    const node = member(values, 'identity_pool_id')
    return node === undefined || plan.unknown.has(node) ? undefined : textOf(node)
  }
  return (pool) => {
    const names = [member(pool, 'id'), member(pool, 'identity_pool_name')].flatMap(
      (node) => textOf(node) ?? [],
    )
    // an attachment whose pool is not known may be one of this pool
    const given = attached.filter((each) => names.includes(poolOf(each) ?? names[0] ?? ''))
    const isSure = given.every((each) => poolOf(each) !== undefined && hasUserRole(each))
    const { roleNames, members } = attachedRoles(
      given.map((each) => ({
        roles: member(each, 'roles'),
        mapped: itemsOf(member(each, 'role_mapping')).flatMap((mapping) =>
          itemsOf(member(mapping, 'mapping_rule')).map((rule) => member(rule, 'role_arn')),
        ),
      })),
      plan.unknown,
    )
    return { roleNames, members: isSure ? members : { ...members, roleUnknown: true } }
  }
}

/** Whether the role of users is known: a plan leaves out what is known only after apply. */
function hasUserRole(values: JsonNode): boolean {
  return textOf(member(member(values, 'roles'), 'authenticated')) !== undefined
}

/** A document that is an attribute's text: the properties of a container. */
function documentIn(text: string): JsonNode | undefined {
  const root = text.startsWith('{') ? parseJson(text, 32) : undefined
  return root?.type === 'problem' ? undefined : root
}
