import { given, iamArn } from '../../base/index.ts'
import type { AccountImage, IdentityImage } from '../../image/index.ts'
import { defaultDocument, isAwsOwn, linkedService, parsed } from './losses.ts'

/** CloudFormation takes so many resources in a template. */
const resourcesMost = 500

type Resource = Readonly<Record<string, unknown>>

/**
 * Templates that create an account's content; several if it has more resources than one template may have. Resources
 * of one template refer to each other, so that CloudFormation creates them in order. @param description is the first
 * line of the templates
 */
export function cloudFormationTemplates(
  account: AccountImage,
  description: string,
  lost: readonly string[],
): readonly unknown[] {
  const writer = new Writer(account)
  const resources = writer.resources()
  const templates: unknown[] = []
  for (let from = 0; from < Math.max(1, resources.length); from += resourcesMost)
    templates.push({
      AWSTemplateFormatVersion: '2010-09-09',
      Description: description,
      ...(lost.length === 0 ? {} : { Metadata: { NotContained: lost } }),
      Resources: Object.fromEntries(resources.slice(from, from + resourcesMost)),
    })
  return templates
}

class Writer {
  readonly #account: AccountImage
  readonly #ids = new Map<string, string>()
  readonly #taken = new Set<string>()
  /** The template that each logical id is in. */
  readonly #parts = new Map<string, number>()
  /** Roles and users that a trust policy may refer to: those that are written before. */
  readonly #written = new Set<string>()

  constructor(account: AccountImage) {
    this.#account = account
  }

  resources(): readonly (readonly [string, Resource])[] {
    const { policies, groups, users, roles, instanceProfiles, oidcProviders, samlProviders } = this.#account
    const made = roles.filter((role) => !isAwsOwn(role))
    const inOrder: (readonly [kind: string, thing: { readonly name: string }, write: () => Resource])[] = [
      ...oidcProviders.map(
        (provider) =>
          [
            'Oidc',
            { name: provider.url },
            () =>
              resource('AWS::IAM::OIDCProvider', {
                Url: `https://${provider.url}`,
                ClientIdList: provider.clientIds,
                ThumbprintList: provider.thumbprints,
                Tags: some(provider.tags),
              }),
          ] as const,
      ),
      ...samlProviders.map(
        (provider) =>
          [
            'Saml',
            provider,
            () =>
              resource('AWS::IAM::SAMLProvider', {
                Name: provider.name,
                SamlMetadataDocument: provider.metadata,
                Tags: some(provider.tags),
              }),
          ] as const,
      ),
      ...policies.map(
        (policy) =>
          [
            'Policy',
            policy,
            () =>
              resource('AWS::IAM::ManagedPolicy', {
                ManagedPolicyName: policy.name,
                Path: policy.path,
                Description: policy.description,
                PolicyDocument: parsed(defaultDocument(policy) ?? '{}'),
                Tags: some(policy.tags),
              }),
          ] as const,
      ),
      ...groups.map(
        (group) =>
          [
            'Group',
            group,
            () => resource('AWS::IAM::Group', { GroupName: group.name, ...this.#identity(group) }),
          ] as const,
      ),
      ...users.map(
        (user) =>
          [
            'User',
            user,
            () =>
              resource('AWS::IAM::User', {
                UserName: user.name,
                ...this.#identity(user),
                Groups: some(user.groups?.map((name) => this.#ref('Group', name) ?? name)),
                PermissionsBoundary: this.#policy(user.boundaryArn),
                Tags: some(user.tags),
              }),
          ] as const,
      ),
      ...inTrustOrder(made, this.#account).map((role) => ['Role', role, () => this.#role(role)] as const),
      ...instanceProfiles.map(
        (profile) =>
          [
            'Profile',
            profile,
            () =>
              resource('AWS::IAM::InstanceProfile', {
                InstanceProfileName: profile.name,
                Path: profile.path,
                Roles:
                  typeof profile.role === 'string' ? [this.#ref('Role', profile.role) ?? profile.role] : [],
              }),
          ] as const,
      ),
    ]
    for (const [index, [kind, { name }]] of inOrder.entries())
      this.#parts.set(this.#idOf(kind, name), Math.floor(index / resourcesMost))
    return inOrder.map(([kind, { name }, write]) => {
      this.#current = this.#parts.get(this.#idOf(kind, name)) ?? 0
      const written = write()
      if (kind === 'Role' || kind === 'User') this.#written.add(`${kind} ${name.toLowerCase()}`)
      return [this.#idOf(kind, name), written] as const
    })
  }

  #current = 0

  #role(role: AccountImage['roles'][number]): Resource {
    const linked = linkedService(role)
    if (linked !== undefined)
      return resource('AWS::IAM::ServiceLinkedRole', {
        AWSServiceName: linked.service,
        CustomSuffix: linked.suffix,
        Description: role.description ?? undefined,
      })
    return resource('AWS::IAM::Role', {
      RoleName: role.name,
      ...this.#identity(role),
      AssumeRolePolicyDocument: this.#referring(parsed(role.trust ?? '{}')),
      Description: role.description ?? undefined,
      MaxSessionDuration: role.maxSessionSeconds,
      PermissionsBoundary: this.#policy(role.boundaryArn),
      Tags: some(role.tags),
    })
  }

  #identity({ path, inline = [], attached = [] }: IdentityImage) {
    return {
      Path: path,
      Policies: some(
        inline.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: parsed(document) })),
      ),
      ManagedPolicyArns: some(attached.map((arn) => this.#policy(arn))),
    }
  }

  /** A managed policy of the template by reference, any other by its ARN. */
  #policy(arn: string | null | undefined): unknown {
    if (typeof arn !== 'string') return undefined
    const { account: id, partition } = this.#account
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    const isOfAccount = arn.startsWith(iamArn({ id, partition }, 'policy', '/', ''))
    return (isOfAccount ? this.#ref('Policy', name) : undefined) ?? arn
  }

  #ref(kind: string, name: string): unknown {
    const id = this.#ids.get(`${kind} ${name.toLowerCase()}`)
    return id !== undefined && this.#parts.get(id) === this.#current ? { Ref: id } : undefined
  }

  /**
   * A trust policy with references to users and roles that are written before: IAM refuses those that do not exist.
   */
  #referring(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#referring(each))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#referring(each)]))
    if (typeof value !== 'string') return value
    const { account, partition } = this.#account
    const [, kind, name] =
      new RegExp(`^arn:${partition}:iam::${account}:(user|role)/(?:.*/)?([^/]+)$`).exec(value) ?? []
    if (kind === undefined || name === undefined) return value
    const word = kind === 'role' ? 'Role' : 'User'
    const id = this.#written.has(`${word} ${name.toLowerCase()}`)
      ? this.#ids.get(`${word} ${name.toLowerCase()}`)
      : undefined
    return id !== undefined && this.#parts.get(id) === this.#current ? { 'Fn::GetAtt': [id, 'Arn'] } : value
  }

  /** A logical id: letters and digits, unique in all templates. */
  #idOf(kind: string, name: string): string {
    const key = `${kind} ${name.toLowerCase()}`
    const logicalId = this.#ids.get(key)
    if (logicalId !== undefined) return logicalId
    const word = name
      .replace(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) => next?.toUpperCase() ?? '')
      .slice(0, 200)
    const base = `${kind}${word.charAt(0).toUpperCase()}${word.slice(1)}`
    let id = base
    for (let number = 2; this.#taken.has(id); number++) id = `${base}X${number}`
    this.#taken.add(id)
    this.#ids.set(key, id)
    return id
  }
}

/**
 * Roles in such an order that each comes after those that it trusts, as far as they do not trust each other in a
 * circle.
 */
export function inTrustOrder(
  roles: AccountImage['roles'],
  { account, partition }: AccountImage,
): AccountImage['roles'] {
  const byName = new Map(roles.map((role) => [role.name.toLowerCase(), role]))
  const ordered = new Set<AccountImage['roles'][number]>()
  const pattern = new RegExp(`"arn:${partition}:iam::${account}:role/(?:[^"]*/)?([^"/]+)"`, 'g')
  const visiting = new Set<string>()
  const visit = (role: AccountImage['roles'][number]) => {
    if (ordered.has(role) || visiting.has(role.name)) return
    visiting.add(role.name)
    // a chain of trust is as long as people make it: the stack holds some thousands
    if (visiting.size < 2_000)
      for (const [, name = ''] of (role.trust ?? '').matchAll(pattern)) {
        const trusted = byName.get(name.toLowerCase())
        if (trusted !== undefined) visit(trusted)
      }
    visiting.delete(role.name)
    ordered.add(role)
  }
  for (const role of roles) visit(role)
  return [...ordered]
}

function resource(type: string, properties: Readonly<Record<string, unknown>>): Resource {
  return { Type: type, Properties: given(properties) }
}

/** A list that is not empty; undefined if it is. */
function some<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list
}
