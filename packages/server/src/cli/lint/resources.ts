import { X509Certificate } from 'node:crypto'
import type { FindingClass, JsonNode } from '@omen-iam/policy'
import { certificateBlock } from '../../base/index.ts'
import { secondsOf } from '../../center/index.ts'
import {
  type DeclaredResource,
  declaredResources,
  itemsOf,
  knownText,
  member,
  rowOf,
} from '../../sources/index.ts'
import type { PlacedFinding } from './placed.ts'

/** A finding about a property of a resource; about the resource itself if it has no node. */
interface Note {
  readonly class: FindingClass
  readonly code: string
  readonly message: string
  readonly node?: JsonNode | undefined
  readonly property?: string
}

type Rule = (get: (name: string) => JsonNode | undefined) => readonly Note[]

/** Limits of permission sets (behaviour SSO-37), and the policies that AWS takes without a raised quota. */
const limits = { attributes: 50, name: 32, inlineBytes: 10_240, policies: 20, policiesOfQuota: 10 } as const

const longest = 'PT12H'

/** The mistakes that IAM Identity Center, Amazon EKS and Amazon Cognito refuse or let in, by the type of the resource (behaviour LNT-71). */
const rules: Readonly<Record<string, Rule | undefined>> = {
  'AWS::SSO::PermissionSet': (get) => [
    ...nameNotes(get('Name'), 'Name'),
    ...durationNotes(get('SessionDuration'), 'SessionDuration'),
    ...inlineNotes(get('InlinePolicy'), 'InlinePolicy'),
    ...managedNotes(itemsOf(get('ManagedPolicies')), 'ManagedPolicies'),
    ...countNotes(
      [...itemsOf(get('ManagedPolicies')), ...itemsOf(get('CustomerManagedPolicyReferences'))],
      'ManagedPolicies',
    ),
    ...(get('PermissionsBoundary') === undefined
      ? administratorNotes(itemsOf(get('ManagedPolicies')), 'ManagedPolicies')
      : []),
  ],
  'AWS::SSO::Assignment': (get) => assignmentNotes(get('PrincipalType'), 'PrincipalType'),
  'AWS::EKS::PodIdentityAssociation': (get) =>
    podNotes(get('Policy'), get('DisableSessionTags'), 'Policy', 'DisableSessionTags'),
  'AWS::Cognito::IdentityPool': (get) =>
    poolNotes(get('AllowUnauthenticatedIdentities'), get('AllowClassicFlow'), 'AllowClassicFlow'),
  'AWS::SSO::InstanceAccessControlAttributeConfiguration': (get) =>
    attributeNotes(
      itemsOf(
        get('AccessControlAttributes') ??
          member(get('InstanceAccessControlAttributeConfiguration'), 'AccessControlAttributes'),
      ),
      ['Key', 'Value', 'Source'],
      'AccessControlAttributes',
    ),
  'AWS::RolesAnywhere::TrustAnchor': (get) => {
    const data = member(get('Source'), 'SourceData')
    return anchorNotes(member(data, 'X509CertificateData'), 'Source')
  },
  'AWS::RolesAnywhere::Profile': (get) =>
    profileNotes(get('DurationSeconds'), get('AcceptRoleSessionName'), [
      'DurationSeconds',
      'AcceptRoleSessionName',
    ]),
  'AWS::EKS::AccessEntry': (get) => entryNotes(get('PrincipalArn'), 'PrincipalArn'),
  aws_ssoadmin_instance_access_control_attributes: (get) =>
    attributeNotes(itemsOf(get('attribute')), ['key', 'value', 'source'], 'attribute'),
  aws_rolesanywhere_trust_anchor: (get) => {
    const data = oneOf(member(oneOf(get('source')), 'source_data'))
    return anchorNotes(member(data, 'x509_certificate_data'), 'source')
  },
  aws_rolesanywhere_profile: (get) =>
    profileNotes(get('duration_seconds'), get('accept_role_session_name'), [
      'duration_seconds',
      'accept_role_session_name',
    ]),
  aws_eks_access_entry: (get) => entryNotes(get('principal_arn'), 'principal_arn'),
  aws_ssoadmin_permission_set: (get) => [
    ...nameNotes(get('name'), 'name'),
    ...durationNotes(get('session_duration'), 'session_duration'),
  ],
  aws_ssoadmin_permission_set_inline_policy: (get) => inlineNotes(get('inline_policy'), 'inline_policy'),
  aws_ssoadmin_managed_policy_attachment: (get) =>
    managedNotes([get('managed_policy_arn')], 'managed_policy_arn'),
  aws_ssoadmin_managed_policy_attachments_exclusive: (get) => [
    ...managedNotes(itemsOf(get('managed_policy_arns')), 'managed_policy_arns'),
    ...countNotes(itemsOf(get('managed_policy_arns')), 'managed_policy_arns'),
  ],
  aws_ssoadmin_account_assignment: (get) => assignmentNotes(get('principal_type'), 'principal_type'),
  aws_eks_pod_identity_association: (get) =>
    podNotes(get('policy'), get('disable_session_tags'), 'policy', 'disable_session_tags'),
  aws_cognito_identity_pool: (get) =>
    poolNotes(get('allow_unauthenticated_identities'), get('allow_classic_flow'), 'allow_classic_flow'),
}

/** The findings about resources of a file that are no policies. */
export function resourceFindings(
  text: string,
  options: { readonly file: string; readonly parameters: Readonly<Record<string, string>> },
): readonly PlacedFinding[] {
  const resources = declaredResources(text, options, (type) => rowOf(rules, type) !== undefined)
  return resources.flatMap((resource) => findingsOf(resource, options.file))
}

function findingsOf(resource: DeclaredResource, file: string): readonly PlacedFinding[] {
  const { type, id, properties } = resource
  const notes = rowOf(rules, type)?.((name) => present(member(properties, name))) ?? []
  return notes.map(({ class: kind, code, message, node, property }) => ({
    class: kind,
    code,
    message,
    path: [],
    span: resource.span(node),
    file,
    kind: 'identity',
    owner: `${type} ${id}`,
    ...(property === undefined ? {} : { property }),
  }))
}

/** A plan has null for what is not set. */
function present(node: JsonNode | undefined): JsonNode | undefined {
  return node?.type === 'scalar' && node.value === null ? undefined : node
}

function nameNotes(node: JsonNode | undefined, property: string): readonly Note[] {
  const name = knownText(node)
  if (name === undefined || /^[\w+=,.@-]{1,32}$/.test(name)) return []
  const message = `The name of a permission set has at most ${limits.name} letters, digits and characters of +=,.@-_: this one has ${name.length}.`
  return [{ class: 'error', code: 'INVALID_PERMISSION_SET_NAME', message, node, property }]
}

function durationNotes(node: JsonNode | undefined, property: string): readonly Note[] {
  const duration = knownText(node)
  if (duration === undefined || duration === '' || isDuration(duration)) return []
  const message = `The session duration ${duration} is not one from PT1H to ${longest} in ISO 8601.`
  return [{ class: 'error', code: 'INVALID_SESSION_DURATION', message, node, property }]
}

function isDuration(text: string): boolean {
  if (!/^PT(?:\d{1,3}H)?(?:\d{1,3}M)?$/.test(text) || text === 'PT') return false
  const seconds = secondsOf(text)
  return seconds >= 3_600 && seconds <= secondsOf(longest)
}

function inlineNotes(node: JsonNode | undefined, property: string): readonly Note[] {
  const text = node?.type === 'object' ? writtenIn(node) : knownText(node)
  const bytes = text === undefined ? 0 : Buffer.byteLength(text)
  if (bytes <= limits.inlineBytes) return []
  const message = `The inline policy has ${bytes} bytes: a permission set takes ${limits.inlineBytes}.`
  return [{ class: 'error', code: 'PERMISSION_SET_POLICY_TOO_LONG', message, node, property }]
}

/** A document as compact JSON. */
function writtenIn(node: JsonNode): string {
  switch (node.type) {
    case 'object':
      return `{${node.members.map(({ key, value }) => `${JSON.stringify(key.value)}:${writtenIn(value)}`).join()}}`
    case 'list':
      return `[${itemsOf(node).map(writtenIn).join()}]`
    case 'string':
      return JSON.stringify(node.value)
    case 'scalar':
      return String(node.value)
  }
}

function managedNotes(nodes: readonly (JsonNode | undefined)[], property: string): readonly Note[] {
  return nodes.flatMap((node): readonly Note[] => {
    const arn = knownText(node)
    if (arn === undefined || /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn)) return []
    const message = `The policy ${arn} is not one of AWS. A policy of an account is attached by its name and path, as a customer managed policy.`
    return [{ class: 'error', code: 'PERMISSION_SET_POLICY_NOT_OF_AWS', message, node, property }]
  })
}

function countNotes(nodes: readonly JsonNode[], property: string): readonly Note[] {
  const count = nodes.length
  if (count <= limits.policiesOfQuota) return []
  const isTooMany = count > limits.policies
  const message = isTooMany
    ? `The permission set has ${count} policies: ${limits.policies} are possible.`
    : `The permission set has ${count} policies: accounts take more than ${limits.policiesOfQuota} on a role only with a raised quota.`
  return [
    {
      class: isTooMany ? 'error' : 'warning',
      code: 'PERMISSION_SET_WITH_MANY_POLICIES',
      message,
      node: nodes[0],
      property,
    },
  ]
}

function administratorNotes(nodes: readonly JsonNode[], property: string): readonly Note[] {
  return nodes.flatMap((node): readonly Note[] => {
    if (!/:policy\/(?:AdministratorAccess|IAMFullAccess)$/.test(knownText(node) ?? '')) return []
    const message = 'The permission set makes an administrator, and has no permissions boundary.'
    return [{ class: 'suggestion', code: 'PERMISSION_SET_WITHOUT_BOUNDARY', message, node, property }]
  })
}

function assignmentNotes(node: JsonNode | undefined, property: string): readonly Note[] {
  if (knownText(node) !== 'USER') return []
  const message =
    'The permission set is assigned to a user. Assigned to a group, it follows who joins and leaves.'
  return [{ class: 'suggestion', code: 'ASSIGNMENT_TO_USER', message, node, property }]
}

function podNotes(
  policy: JsonNode | undefined,
  disabled: JsonNode | undefined,
  property: string,
  flag: string,
): readonly Note[] {
  if (policy === undefined || knownText(policy) === '' || isTrue(disabled) !== false) return []
  const message = `A policy of an association needs ${flag}: session tags and a session policy are not given together.`
  return [{ class: 'error', code: 'POD_POLICY_WITH_SESSION_TAGS', message, node: policy, property }]
}

function poolNotes(
  guests: JsonNode | undefined,
  classic: JsonNode | undefined,
  property: string,
): readonly Note[] {
  if (isTrue(guests) !== true || isTrue(classic) !== true) return []
  const message =
    'Guests get the role of the pool by the basic flow without the session policy of AWS that limits them in the enhanced flow.'
  return [
    {
      class: 'securityWarning',
      code: 'IDENTITY_POOL_GUESTS_WITHOUT_LIMIT',
      message,
      node: classic,
      property,
    },
  ]
}

/** The forms of attributes of users in IAM Identity Center (behaviour SSO-72). */
const attributePath = /^\$\{path:[\w.[\]= ]+\}$/

function attributeNotes(
  attributes: readonly JsonNode[],
  [key, value, source]: readonly [string, string, string],
  property: string,
): readonly Note[] {
  const code = 'INVALID_ACCESS_CONTROL_ATTRIBUTE'
  const error = (message: string, node: JsonNode | undefined): Note => {
    return { class: 'error', code, message, node, property }
  }
  const keys = attributes.flatMap((each) => knownText(member(each, key)) ?? [])
  return [
    ...(attributes.length > limits.attributes
      ? [
          error(
            `There are ${attributes.length} attributes: ${limits.attributes} are possible.`,
            attributes[0],
          ),
        ]
      : []),
    ...attributes.flatMap((each, place): readonly Note[] => {
      const name = knownText(member(each, key))
      const sources = itemsOf(member(oneOf(member(each, value)), source))
      const wrong = sources.find((node) => attributePath.test(knownText(node) ?? '${path:x}') === false)
      return [
        ...(name !== undefined && keys.indexOf(name) < place && keys[place] === name
          ? [error(`The attribute ${name} is given twice.`, each)]
          : []),
        ...(wrong === undefined
          ? []
          : [error(`${knownText(wrong)} is no attribute of a user: \${path:title} is one.`, wrong)]),
      ]
    }),
  ]
}

function anchorNotes(node: JsonNode | undefined, property: string): readonly Note[] {
  const text = knownText(node)
  if (text === undefined || text === '') return []
  const pems = text.match(certificateBlock) ?? []
  const isOfAuthorities = pems.length > 0 && pems.every(isAuthority)
  if (isOfAuthorities) return []
  const message =
    pems.length === 0
      ? 'The trust anchor has no certificate in PEM.'
      : 'A certificate of the trust anchor is not one of an authority: basicConstraints must say CA:TRUE.'
  return [{ class: 'error', code: 'INVALID_TRUST_ANCHOR', message, node, property }]
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca
  } catch {
    return false
  }
}

function profileNotes(
  duration: JsonNode | undefined,
  names: JsonNode | undefined,
  [durationName, namesName]: readonly [string, string],
): readonly Note[] {
  const seconds = Number(
    (duration?.type === 'scalar' ? String(duration.value) : knownText(duration)) ?? 3_600,
  )
  const isWrong = !(seconds >= 900 && seconds <= 43_200)
  const choice =
    'Holders of certificates choose the names of their sessions: the trail does not name the certificate by its serial number.'
  return [
    ...(isWrong
      ? [
          {
            class: 'error' as const,
            code: 'INVALID_SESSION_DURATION',
            message: `The session duration ${seconds} is not one from 900 to 43200 seconds.`,
            node: duration,
            property: durationName,
          },
        ]
      : []),
    ...(isTrue(names) === true
      ? [
          {
            class: 'suggestion' as const,
            code: 'CERTIFICATE_CHOOSES_SESSION_NAME',
            message: choice,
            node: names,
            property: namesName,
          },
        ]
      : []),
  ]
}

/** An entry of a cluster names one role; that of a permission set has another suffix after the next first assignment (behaviour SSO-43). */
function entryNotes(node: JsonNode | undefined, property: string): readonly Note[] {
  const arn = knownText(node)
  if (arn === undefined || !/:role\/(?:\S+\/)?AWSReservedSSO_/.test(arn)) return []
  const hasPath = arn.includes(':role/aws-reserved/sso.amazonaws.com/')
  const message = hasPath
    ? 'The entry names the role of a permission set with its suffix: once its last assignment is removed, the next one makes another role.'
    : 'The entry names the role of a permission set without its path: role/aws-reserved/sso.amazonaws.com/REGION/ belongs to its ARN.'
  const code = hasPath ? 'PERMISSION_SET_ROLE_WITH_SUFFIX' : 'PERMISSION_SET_ROLE_WITHOUT_PATH'
  return [{ class: hasPath ? 'suggestion' : 'error', code, message, node, property }]
}

/** The one block of a list. */
function oneOf(node: JsonNode | undefined): JsonNode | undefined {
  return node?.type === 'list' ? node.items[0] : node
}

/** Undefined if it is not known. */
function isTrue(node: JsonNode | undefined): boolean | undefined {
  if (node === undefined) return false
  const value = node.type === 'scalar' ? String(node.value) : knownText(node)
  return value === 'true' ? true : value === 'false' ? false : undefined
}
