import { type CompiledSet, compile, type Policy, type PolicySource, parsePolicy } from '@omen-iam/policy'
import type { OrganizationImage } from '../../intake/index.ts'

type Levels = readonly (readonly PolicySource[])[]

const kinds = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY' } as const

/** The most levels from an account to the root: units nest five deep. */
const levelsMost = 16

/** The SCPs and RCPs of an organization's image, as far as the image contains them. */
export class ControlPolicies {
  readonly #organization: OrganizationImage | undefined
  readonly #attached = new Map<string, string[]>()
  readonly #policies = new Map<string, PolicySource & { readonly type: string }>()
  readonly #parents = new Map<string, string | undefined>()
  readonly #compiled = new Map<string, CompiledSet['rcp']>()

  constructor(organization: OrganizationImage | undefined) {
    this.#organization = organization
    const { attachments = [], policies = [], accounts = [], units = [], rootId } = organization ?? {}
    for (const { policyId, target } of attachments)
      this.#attached.set(target, [...(this.#attached.get(target) ?? []), policyId])
    for (const { id, type, content, name } of policies) {
      const kind = type === kinds.rcp ? 'rcp' : 'scp'
      const read = content === undefined ? undefined : parsePolicy(content, kind, { lenient: true })
      // a policy whose text is not known hides nothing in the plan
      const policy = read?.ok === true ? read.policy : everything(kind)
      this.#policies.set(id, { policy, source: { type: kind, arn: id, name, id }, type })
    }
    for (const { account, parentId = rootId } of accounts) this.#parents.set(account, parentId)
    for (const { id, parentId = rootId } of units) this.#parents.set(id, parentId)
  }

  /** The levels of SCPs that bind the users and roles of an account; undefined if there are none. */
  scp(account: string): Levels | undefined {
    return this.#levels('scp', account)
  }

  /** The RCPs that bind calls on the resources of an account, compiled. */
  rcp(account: string): CompiledSet['rcp'] {
    if (!this.#compiled.has(account))
      this.#compiled.set(account, compile({ rcp: this.#levels('rcp', account) }).rcp)
    return this.#compiled.get(account)
  }

  /** The levels that the image has policies of. AWS's RCPFullAWSAccess is attached everywhere, and listed nowhere. */
  #levels(kind: 'scp' | 'rcp', account: string): Levels | undefined {
    const { managementAccount, enabledPolicyTypes } = this.#organization ?? {}
    if (account === managementAccount || enabledPolicyTypes?.includes(kinds[kind]) === false) return undefined
    const levels: (readonly PolicySource[])[] = []
    let id: string | undefined = account
    for (let level = 0; id !== undefined && level < levelsMost; level++) {
      const attached: readonly PolicySource[] = (this.#attached.get(id) ?? []).flatMap((policyId) => {
        const policy = this.#policies.get(policyId)
        return policy?.type === kinds[kind] ? [policy] : []
      })
      if (attached.length > 0) levels.unshift(kind === 'rcp' ? [full, ...attached] : attached)
      id = this.#parents.get(id)
    }
    return levels.length === 0 ? undefined : levels
  }
}

function everything(kind: 'scp' | 'rcp'): Policy {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', ...(kind === 'rcp' ? { Principal: '*' } : {}), Action: '*', Resource: '*' },
    ],
  })
  const parsed = parsePolicy(text, kind, { lenient: true })
  if (!parsed.ok) throw new Error('a policy that allows everything is valid')
  return parsed.policy
}

const full: PolicySource = { policy: everything('rcp'), source: { type: 'rcp', name: 'RCPFullAWSAccess' } }
