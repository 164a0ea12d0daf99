import { given, iamArn } from '../../base/index.ts'
import type { AccountImage, IdentityImage } from '../../image/index.ts'
import { inTrustOrder } from './cloudformation.ts'
import { defaultDocument, isAwsOwn, linkedService } from './losses.ts'

type Block = Record<string, unknown>

/**
 * A Terraform configuration in its JSON syntax (`main.tf.json`) that creates an account's content. Values are escaped:
 * nothing in them is an expression, except references between resources. @param notes become comments
 */
export function terraformConfiguration(account: AccountImage, notes: readonly string[]): unknown {
  return new Writer(account).configuration(notes)
}

/** A text in which Terraform sees no template. */
function literal(text: string): string {
  // two dollars in a replacement are one
  return text.replaceAll('${', () => '$${').replaceAll('%{', '%%{')
}

class Writer {
  readonly #account: AccountImage
  readonly #resources: Record<string, Record<string, Block>> = {}
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor(account: AccountImage) {
    this.#account = account
  }

  configuration(notes: readonly string[]): unknown {
    const {
      users,
      groups,
      roles,
      policies,
      instanceProfiles,
      oidcProviders,
      samlProviders,
      alias,
      passwordPolicy,
    } = this.#account
    for (const provider of oidcProviders)
      this.#add('aws_iam_openid_connect_provider', provider.url, {
        url: literal(`https://${provider.url}`),
        client_id_list: provider.clientIds?.map(literal),
        thumbprint_list: provider.thumbprints,
        tags: tagsOf(provider.tags),
      })
    for (const { name, metadata, tags } of samlProviders)
      this.#add('aws_iam_saml_provider', name, {
        name,
        saml_metadata_document: metadata === undefined ? undefined : literal(metadata),
        tags: tagsOf(tags),
      })
    for (const policy of policies)
      this.#add('aws_iam_policy', policy.name, {
        name: policy.name,
        path: path(policy.path),
        description: policy.description === undefined ? undefined : literal(policy.description),
        policy: literal(defaultDocument(policy) ?? '{}'),
        tags: tagsOf(policy.tags),
      })
    for (const group of groups) {
      this.#add('aws_iam_group', group.name, { name: group.name, path: path(group.path) })
      this.#identity('group', group)
    }
    for (const user of users) {
      this.#add('aws_iam_user', user.name, {
        name: user.name,
        path: path(user.path),
        permissions_boundary: this.#policy(user.boundaryArn),
        tags: tagsOf(user.tags),
      })
      this.#identity('user', user)
      if ((user.groups ?? []).length > 0)
        this.#add('aws_iam_user_group_membership', user.name, {
          user: this.#ref('aws_iam_user', user.name, 'name') ?? user.name,
          groups: user.groups?.map((name) => this.#ref('aws_iam_group', name, 'name') ?? name),
        })
    }
    const kept = roles.filter((role) => !isAwsOwn(role))
    for (const role of inTrustOrder(kept, this.#account)) this.#role(role)
    for (const profile of instanceProfiles)
      this.#add('aws_iam_instance_profile', profile.name, {
        name: profile.name,
        path: path(profile.path),
        role:
          typeof profile.role === 'string'
            ? (this.#ref('aws_iam_role', profile.role, 'name') ?? profile.role)
            : undefined,
        tags: tagsOf(profile.tags),
      })
    if (typeof alias === 'string') this.#add('aws_iam_account_alias', 'alias', { account_alias: alias })
    if (passwordPolicy)
      this.#add('aws_iam_account_password_policy', 'policy', {
        minimum_password_length: passwordPolicy.minimumLength,
        require_symbols: passwordPolicy.symbols,
        require_numbers: passwordPolicy.numbers,
        require_uppercase_characters: passwordPolicy.uppercase,
        require_lowercase_characters: passwordPolicy.lowercase,
        allow_users_to_change_password: passwordPolicy.usersMayChange,
        max_password_age: passwordPolicy.maximumAge,
        password_reuse_prevention: passwordPolicy.reusePrevention,
        hard_expiry: passwordPolicy.hardExpiry,
      })
    return {
      ...(notes.length === 0 ? {} : { '//': notes }),
      terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
      ...(Object.keys(this.#resources).length === 0 ? {} : { resource: this.#resources }),
    }
  }

  #role(role: AccountImage['roles'][number]): void {
    const linked = linkedService(role)
    const description =
      typeof role.description === 'string' && role.description !== '' ? literal(role.description) : undefined
    if (linked !== undefined) {
      this.#add('aws_iam_service_linked_role', role.name, {
        aws_service_name: linked.service,
        custom_suffix: linked.suffix,
        description,
      })
      return
    }
    this.#add('aws_iam_role', role.name, {
      name: role.name,
      path: path(role.path),
      description,
      assume_role_policy: this.#trust(role),
      max_session_duration: role.maxSessionSeconds,
      permissions_boundary: this.#policy(role.boundaryArn),
      tags: tagsOf(role.tags),
    })
    this.#identity('role', role)
  }

  #identity(kind: 'user' | 'group' | 'role', { name, inline = [], attached = [] }: IdentityImage): void {
    const owner = this.#ref(`aws_iam_${kind}`, name, 'name') ?? name
    for (const each of inline)
      this.#add(`aws_iam_${kind}_policy`, `${name}_${each.name}`, {
        name: each.name,
        [kind]: owner,
        policy: literal(each.document),
      })
    for (const arn of attached)
      this.#add(`aws_iam_${kind}_policy_attachment`, `${name}_${arn.slice(arn.lastIndexOf('/') + 1)}`, {
        [kind]: owner,
        policy_arn: this.#policy(arn),
      })
  }

  /** A trust policy that refers to roles and users that are written before it. */
  #trust({ trust = '{}' }: AccountImage['roles'][number]): string {
    const { account, partition } = this.#account
    const pattern = new RegExp(`"arn:${partition}:iam::${account}:(user|role)/(?:[^"]*/)?([^"/]+)"`, 'g')
    return literal(trust).replace(pattern, (whole, kind: string, name: string) => {
      const reference = this.#ref(`aws_iam_${kind}`, name, 'arn')
      return reference === undefined ? whole : JSON.stringify(reference)
    })
  }

  #policy(arn: string | null | undefined): string | undefined {
    if (typeof arn !== 'string') return undefined
    const { account: id, partition } = this.#account
    const isOfAccount = arn.startsWith(iamArn({ id, partition }, 'policy', '/', ''))
    return (
      (isOfAccount ? this.#ref('aws_iam_policy', arn.slice(arn.lastIndexOf('/') + 1), 'arn') : undefined) ??
      arn
    )
  }

  #ref(type: string, name: string, attribute: string): string | undefined {
    const local = this.#names.get(`${type} ${name.toLowerCase()}`)
    return local === undefined ? undefined : `\${${type}.${local}.${attribute}}`
  }

  #add(type: string, name: string, block: Readonly<Record<string, unknown>>): void {
    const label = name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^(?=[^A-Za-z_])/, '_')
    const base = label === '__proto__' ? '_proto' : label // as a key of an object it would be lost
    let local = base
    for (let number = 2; this.#taken.has(`${type} ${local.toLowerCase()}`); number++)
      local = `${base}_${number}`
    this.#taken.add(`${type} ${local.toLowerCase()}`)
    this.#names.set(`${type} ${name.toLowerCase()}`, local)
    this.#resources[type] ??= {}
    this.#resources[type][local] = given(block)
  }
}

function path(text: string | undefined): string | undefined {
  return text === undefined || text === '/' ? undefined : literal(text)
}

function tagsOf(
  tags: readonly { readonly Key: string; readonly Value: string }[] | undefined,
): Readonly<Record<string, string>> | undefined {
  if (tags === undefined || tags.length === 0) return undefined
  return Object.fromEntries(tags.map(({ Key, Value }) => [literal(Key), literal(Value)]))
}
