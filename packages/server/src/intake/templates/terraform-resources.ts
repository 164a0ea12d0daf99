import { serviceLinkedRoles } from '../../authorization/catalogue/index.ts'
import { awsPolicyArn } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'
import type { InlinePolicyImage } from '../../image/index.ts'
import { derivedCharacters, itemsOf, member, membersOf, rowOf, textOf } from '../../sources/index.ts'
import type { IdentityList, ImageBuilder } from './builder.ts'
import { takeCenter } from './center-resources.ts'
import { type Fields, NotTakeable } from './fields.ts'
import { takeLender } from './lenders.ts'
import { addedPermission, type Permission } from './resource-policies.ts'
import { takeTerraformPolicy } from './terraform-policies.ts'

type Maker = (fields: Fields, builder: ImageBuilder) => void

/** How resources become things of the image, by type. Source: documentation of Terraform's provider for AWS. */
const makers: Readonly<Record<string, Maker | undefined>> = {
  aws_iam_role: (fields, builder) => {
    const trust = fields.documentOrNote(fields.node('assume_role_policy'), 'the trust policy', true)
    const description = fields.optional('description')
    const seconds = fields.number('max_session_duration')
    builder.lists(fields.declared.home, fields.at).roles.push({
      ...bearerOf(fields),
      boundaryArn: boundaryOf(fields),
      ...(trust === undefined ? {} : { trust }),
      ...(description === undefined || description === '' ? {} : { description }),
      ...(seconds === undefined ? {} : { maxSessionSeconds: seconds }),
    })
  },
  aws_iam_user: (fields, builder) => {
    builder
      .lists(fields.declared.home, fields.at)
      .users.push({ ...bearerOf(fields), boundaryArn: boundaryOf(fields) })
  },
  aws_iam_group: (fields, builder) => {
    const { tags: _, ...group } = bearerOf(fields)
    builder.lists(fields.declared.home, fields.at).groups.push(group)
  },
  aws_iam_policy: (fields, builder) => {
    const { at, name, path, tags } = namedOf(fields)
    const node = fields.node('policy')
    const description = fields.optional('description')
    builder.lists(fields.declared.home, at).policies.push({
      at,
      name,
      ...(path === undefined ? {} : { path }),
      ...(description === undefined || description === '' ? {} : { description }),
      ...(tags === undefined ? {} : { tags }),
      versions: [
        {
          at: node === undefined ? at : fields.declared.at(node),
          document: fields.document(node, 'the document'),
        },
      ],
    })
  },
  aws_iam_role_policy: inlineOf('roles', 'role'),
  aws_iam_user_policy: inlineOf('users', 'user'),
  aws_iam_group_policy: inlineOf('groups', 'group'),
  aws_iam_role_policy_attachment: attachmentOf('roles', 'role'),
  aws_iam_user_policy_attachment: attachmentOf('users', 'user'),
  aws_iam_group_policy_attachment: attachmentOf('groups', 'group'),
  aws_iam_role_policy_attachments_exclusive: exclusiveOf('roles', 'role_name'),
  aws_iam_user_policy_attachments_exclusive: exclusiveOf('users', 'user_name'),
  aws_iam_group_policy_attachments_exclusive: exclusiveOf('groups', 'group_name'),
  aws_iam_policy_attachment: (fields, builder) => {
    const { home, type } = fields.declared
    const arns = fields.each('policy_arn')
    for (const [list, attribute] of [
      ['roles', 'roles'],
      ['users', 'users'],
      ['groups', 'groups'],
    ] as const)
      for (const name of fields.texts(attribute) ?? [])
        for (const arn of arns) builder.attach(home, list, name, arn, fields.at, type)
  },
  aws_iam_instance_profile: (fields, builder) => {
    const { at, name, path, tags } = namedOf(fields)
    builder.lists(fields.declared.home, at).instanceProfiles.push({
      at,
      name,
      ...(path === undefined ? {} : { path }),
      ...(tags === undefined ? {} : { tags }),
      role: fields.node('role') === undefined ? null : (fields.each('role')[0] ?? null),
    })
  },
  aws_iam_access_key: (fields, builder) => {
    builder.lists(fields.declared.home, fields.at).accessKeys.push({
      at: fields.at,
      id: fields.known('id') ?? madeId(fields),
      user: fields.text('user'),
      active: fields.optional('status') !== 'Inactive',
    })
  },
  aws_iam_user_group_membership: (fields, builder) => {
    const user = fields.text('user')
    for (const group of fields.texts('groups') ?? [])
      builder.join(fields.declared.home, user, group, fields.at, fields.declared.type)
  },
  aws_iam_group_membership: (fields, builder) => {
    const group = fields.text('group')
    for (const user of fields.texts('users') ?? [])
      builder.join(fields.declared.home, user, group, fields.at, fields.declared.type)
  },
  aws_iam_openid_connect_provider: (fields, builder) => {
    const tags = tagsOf(fields)
    builder.lists(fields.declared.home, fields.at).oidcProviders.push({
      at: fields.at,
      url: fields.text('url').replace(/^https:\/\//, ''),
      clientIds: fields.texts('client_id_list') ?? [],
      thumbprints: fields.texts('thumbprint_list') ?? [],
      ...(tags === undefined ? {} : { tags }),
    })
  },
  aws_iam_saml_provider: (fields, builder) => {
    const tags = tagsOf(fields)
    builder.lists(fields.declared.home, fields.at).samlProviders.push({
      at: fields.at,
      name: fields.text('name'),
      metadata: fields.text('saml_metadata_document'),
      ...(tags === undefined ? {} : { tags }),
    })
  },
  aws_iam_service_linked_role: (fields, builder) => {
    const { home } = fields.declared
    const service = fields.text('aws_service_name')
    const linked = serviceLinkedRoles().get(service)
    const suffix = fields.optional('custom_suffix')
    const made =
      linked === undefined || suffix === undefined || suffix === ''
        ? linked?.name
        : `${linked.name}_${suffix}`
    const name = textOf(fields.node('name')) ?? made
    if (name === undefined)
      throw new NotTakeable(`the name of the service-linked role of ${service} is not known`)
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    }
    builder.lists(home, fields.at).roles.push({
      at: fields.at,
      name,
      path: `/aws-service-role/${service}/`,
      trust: JSON.stringify(trust),
      attached: (linked?.policies ?? []).map((each) => awsPolicyArn(home.partition, each)),
    })
  },
  aws_iam_virtual_mfa_device: (fields, builder) => {
    const { home } = fields.declared
    const path = fields.optional('path') ?? '/'
    const serial = `arn:${home.partition}:iam::${home.account}:mfa${path}${fields.text('virtual_mfa_device_name')}`
    builder.lists(home, fields.at).mfaDevices.push({ at: fields.at, serial })
  },
  aws_iam_user_login_profile: (fields, builder) => {
    builder
      .lists(fields.declared.home, fields.at)
      .loginProfiles.push({ at: fields.at, user: fields.text('user') })
  },
  aws_iam_account_alias: (fields, builder) => {
    builder.lists(fields.declared.home, fields.at).alias = fields.text('account_alias')
  },
  aws_iam_account_password_policy: (fields, builder) => {
    const isOn = (name: string) => fields.optional(name) === 'true'
    const age = fields.number('max_password_age')
    const reuse = fields.number('password_reuse_prevention')
    builder.lists(fields.declared.home, fields.at).passwordPolicy = {
      at: fields.at,
      minimumLength: fields.number('minimum_password_length') ?? 6,
      symbols: isOn('require_symbols'),
      numbers: isOn('require_numbers'),
      uppercase: isOn('require_uppercase_characters'),
      lowercase: isOn('require_lowercase_characters'),
      usersMayChange: fields.optional('allow_users_to_change_password') !== 'false',
      ...(age === undefined || age === 0 ? {} : { maximumAge: age }),
      ...(reuse === undefined || reuse === 0 ? {} : { reusePrevention: reuse }),
      hardExpiry: isOn('hard_expiry'),
    }
  },
  aws_organizations_policy: (fields, builder) => {
    const policy = {
      at: fields.at,
      id: fields.text('id'),
      type: fields.optional('type') ?? 'SERVICE_CONTROL_POLICY',
      name: fields.text('name'),
      content: fields.document(fields.node('content'), 'the content'),
    }
    builder.organization(fields.declared.home, fields.at, (organization) => ({
      ...organization,
      policies: [...organization.policies, policy],
    }))
  },
  aws_organizations_policy_attachment: (fields, builder) => {
    const attachment = { at: fields.at, policyId: fields.text('policy_id'), target: fields.text('target_id') }
    builder.organization(fields.declared.home, fields.at, (organization) => ({
      ...organization,
      attachments: [...organization.attachments, attachment],
    }))
  },
  aws_organizations_organizational_unit: (fields, builder) => {
    const unit = {
      at: fields.at,
      id: fields.text('id'),
      name: fields.text('name'),
      parentId: fields.text('parent_id'),
    }
    builder.organization(fields.declared.home, fields.at, (organization) => ({
      ...organization,
      units: [...organization.units, unit],
    }))
  },
}

/** Takes a resource of a plan or state. Returns whether its type is one that is taken. */
export function takeTerraformResource(fields: Fields, builder: ImageBuilder): boolean {
  const make = rowOf(makers, fields.declared.type)
  if (make !== undefined) {
    make(fields, builder)
    return true
  }
  return takeCenter(fields, builder) || takeLender(fields, builder) || takeTerraformPolicy(fields, builder)
}

/** The statement of a permission of a function; undefined for other types. */
export function terraformStatement(fields: Fields): Permission | undefined {
  if (fields.declared.type !== 'aws_lambda_permission') return undefined
  const [named = ''] = fields.each('function_name')
  const qualifier = fields.known('qualifier')
  return addedPermission(fields, {
    Sid: fields.known('statement_id') ?? 'terraform',
    named: qualifier === undefined || qualifier === '' ? named : `${named}:${qualifier}`,
    Principal: fields.text('principal'),
    Action: fields.text('action'),
    sourceArn: sourceOf(fields),
    viaUrl: conditionOf(fields, 'invoked_via_function_url'),
    equal: {
      'AWS:SourceAccount': conditionOf(fields, 'source_account'),
      'aws:PrincipalOrgID': conditionOf(fields, 'principal_org_id'),
      'lambda:FunctionUrlAuthType': conditionOf(fields, 'function_url_auth_type'),
      'lambda:EventSourceToken': conditionOf(fields, 'event_source_token'),
    },
  })
}

/** A value that a permission demands; one that is known after apply is none, which is noted. */
function conditionOf(fields: Fields, name: string): string | undefined {
  const node = fields.node(name)
  const reason = node === undefined ? undefined : fields.declared.unknownIn(node)
  if (node === undefined || reason === undefined || fields.declared.isExact) return fields.optional(name)
  fields.note(node, `${name} depends on ${reason}`)
  return undefined
}

/** The source that a permission is bound to; one that is known after apply is any. */
function sourceOf(fields: Fields): string | undefined {
  const node = fields.node('source_arn')
  if (node === undefined || fields.declared.isExact) return fields.optional('source_arn')
  if (fields.declared.unknownIn(node) === undefined) return fields.each('source_arn')[0]
  fields.note(node, `source_arn depends on ${fields.declared.unknownIn(node)}`)
  return '*'
}

function inlineOf(list: IdentityList, attribute: string): Maker {
  return (fields, builder) => {
    const { home, type, id } = fields.declared
    const document = fields.node('policy')
    if (document === undefined) throw new NotTakeable('it has no policy')
    const policy = fields.inline(fields.known('name') ?? id.slice(id.lastIndexOf('.') + 1), document)
    if (policy !== undefined)
      for (const owner of fields.each(attribute)) builder.inline(home, list, owner, policy, type)
  }
}

function attachmentOf(list: IdentityList, attribute: string): Maker {
  return (fields, builder) => {
    const { home, type } = fields.declared
    for (const owner of fields.each(attribute))
      for (const arn of fields.each('policy_arn')) builder.attach(home, list, owner, arn, fields.at, type)
  }
}

/** Attachments that Terraform makes and keeps: it takes away all others of the identity. */
function exclusiveOf(list: IdentityList, attribute: string): Maker {
  return (fields, builder) => {
    const { home, type } = fields.declared
    for (const owner of fields.each(attribute))
      for (const arn of fields.texts('policy_arns') ?? [])
        builder.attach(home, list, owner, arn, fields.at, type)
  }
}

/** The id of an access key that is made at apply. @throws NotTakeable if only what is certain counts */
function madeId({ declared }: Fields): string {
  if (declared.isExact) throw new NotTakeable('its id is known after apply')
  return `AKIA${derivedCharacters(declared.id, 16)}`
}

/** The common members of named resources. */
function namedOf(fields: Fields) {
  const name = fields.text('name')
  const id = fields.known('unique_id')
  const path = fields.optional('path')
  const tags = tagsOf(fields)
  return {
    at: fields.at,
    name,
    ...(id === undefined || id === '' ? {} : { id }),
    ...(path === undefined ? {} : { path }),
    ...(tags === undefined ? {} : { tags }),
  }
}

/** The boundary; null if there is none, which the provider writes as an empty text (behaviour TPL-31). */
function boundaryOf(fields: Fields): string | null {
  const node = fields.node('permissions_boundary')
  if (node === undefined) return null
  if (fields.declared.isExact || fields.known('permissions_boundary') !== undefined)
    return fields.text('permissions_boundary') || null
  fields.note(node, 'it is taken without its boundary, which is known after apply')
  return null
}

function bearerOf(fields: Fields) {
  const inline = itemsOf(fields.node('inline_policy')).flatMap(
    (each, index): readonly InlinePolicyImage[] => {
      const document = member(each, 'policy')
      // the provider writes an empty block where there is none
      if (document === undefined || textOf(document) === '') return []
      const policy = fields.inline(textOf(member(each, 'name')) || `inline-${index + 1}`, document)
      return policy === undefined ? [] : [policy]
    },
  )
  const written = fields.node('inline_policy')
  if (written !== undefined && written.type !== 'list') fields.texts('inline_policy')
  return { ...namedOf(fields), inline, attached: fields.texts('managed_policy_arns') ?? [] }
}

/** Tags as a map; those of the provider count as well. */
function tagsOf(fields: Fields): readonly Tag[] | undefined {
  const all = fields.node('tags_all')
  const node = all === undefined || all.type !== 'object' ? fields.node('tags') : all
  if (node !== undefined && node.type !== 'object') fields.texts('tags')
  if (node?.type !== 'object') return undefined
  return membersOf(node).flatMap(({ key, value }) => {
    const [text] = fields.textsOf([value], 'tags')
    return text === undefined ? [] : [{ Key: key.value, Value: text }]
  })
}
