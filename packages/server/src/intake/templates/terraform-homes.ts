import type { JsonNode } from '@omen-iam/policy'
import { at, itemsOf, member, membersOf, type ResolveOptions, textOf } from '../../sources/index.ts'
import type { PlanHome } from './terraform-names.ts'
import type { RawPlan } from './terraform-raw.ts'
import type { TerraformReferences } from './terraform-references.ts'

/** The account and region of one configuration of the provider, as far as they are known. */
type Known = { -readonly [K in keyof PlanHome]?: PlanHome[K] | undefined }

/**
 * The accounts and regions of a plan. Each configuration of the provider has its own: by data sources that were read with
 * it, or by its role and region (behaviour TPL-142).
 */
export class PlanHomes {
  /** The account and region of the provider without an alias. */
  readonly main: PlanHome
  readonly #byProvider = new Map<string, Known>()
  readonly #references: TerraformReferences

  constructor(root: JsonNode, plan: RawPlan, references: TerraformReferences, options: ResolveOptions) {
    this.#references = references
    for (const { key, value } of membersOf(at(root, 'configuration', 'provider_config'))) {
      const constant = (...names: readonly string[]) => at(value, 'expressions', ...names, 'constant_value')
      const [role] = itemsOf(at(value, 'expressions', 'assume_role'))
      const [allowed] = itemsOf(constant('allowed_account_ids'))
      this.#note(key.value, {
        region: textOf(constant('region')),
        account: textOf(allowed) ?? textOf(at(role, 'role_arn', 'constant_value'))?.split(':')[4],
      })
    }
    let first: Known = {}
    for (const [address, node] of plan.data) {
      const provider = knownOf(node)
      first = { ...definedOf(provider), ...first }
      this.#note(references.provider(address) ?? '', provider)
    }
    for (const { values } of plan.resources.values()) {
      const [, partition, account] =
        /^arn:([\w-]+):[^:]*:[^:]*:(\d{12}):/.exec(textOf(member(values, 'arn')) ?? '') ?? []
      if (account === undefined) continue
      first = { partition, account, ...first }
      break
    }
    const provider = this.#byProvider.get('aws') ?? {}
    this.main = {
      account: options.account ?? provider.account ?? first.account ?? '123456789012',
      partition: options.partition ?? provider.partition ?? first.partition ?? 'aws',
      region: options.region ?? provider.region ?? first.region ?? 'us-east-1',
    }
  }

  /** The account and region of a resource; since version 6 of the provider each may name its region. */
  of(address: string, values: JsonNode | undefined): PlanHome {
    const key = this.#references.provider(address)
    const provider = key === undefined || key === 'aws' ? {} : definedOf(this.#byProvider.get(key) ?? {})
    const region = textOf(member(values, 'region'))
    return { ...this.main, ...provider, ...(region === undefined || region === '' ? {} : { region }) }
  }

  #note(key: string, provider: Known): void {
    this.#byProvider.set(key, { ...this.#byProvider.get(key), ...definedOf(provider) })
  }
}

function knownOf(data: JsonNode): Known {
  const text = (name: string) => textOf(at(data, 'values', name))
  switch (textOf(member(data, 'type'))) {
    case 'aws_caller_identity':
      return { account: text('account_id'), partition: text('arn')?.split(':')[1] }
    case 'aws_partition':
      return { partition: text('partition') }
    case 'aws_region':
      return { region: text('region') ?? text('name') }
    default:
      return {}
  }
}

function definedOf(provider: Known): Partial<PlanHome> {
  return Object.fromEntries(
    Object.entries(provider).filter(([, value]) => value !== undefined && value !== ''),
  )
}
