import { type AccessRequest, type Call, family } from '../../../authorization/index.ts'
import { awsPolicyArn, fault, iamArn, newId, parseArn } from '../../../base/index.ts'
import { type Role, roles } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { encodeDocument } from '../document.ts'
import { checkQuota, invalidInput, noSuchEntity, validationError } from '../faults.ts'
import { roleBrief } from '../roles.ts'
import { actionOf } from '../target.ts'
import { findNamed } from '../targets.ts'
import { bindTrust } from '../trust.ts'

/** A template of a role: a text may name a parameter as `${NAME}`. */
interface Template {
  readonly parameters: readonly string[]
  readonly name: string
  readonly path: string
  readonly description: string
  /** The service that the role trusts. */
  readonly service: string
  /** Paths and names of the managed policies attached to it. */
  readonly policies: readonly string[]
}

/** AWS's templates that answers were recorded of, by service, name and major version (behaviour IAM-230). */
const templates: ReadonlyMap<string, Template> = new Map([
  [
    'iam.amazonaws.com/PowerUserRoleTemplate:1',
    {
      parameters: ['AWSServiceName', 'RoleName'],
      name: '${RoleName}',
      path: '/',
      description: 'Power user role for ${AWSServiceName}',
      service: '${AWSServiceName}',
      policies: ['PowerUserAccess'],
    },
  ],
  [
    'backup.amazonaws.com/AWSBackupDefaultServiceRoleTemplate:1',
    {
      parameters: [],
      name: 'AWSBackupDefaultServiceRole',
      path: '/service-role/',
      // as AWS spells it
      description:
        'Standard service role the provides AWS Backup service permission to create and restore backups on your behalf across AWS services',
      service: 'backup.amazonaws.com',
      policies: [
        'service-role/AWSBackupServiceRolePolicyForBackup',
        'service-role/AWSBackupServiceRolePolicyForRestores',
      ],
    },
  ],
])
/** The one minor version of each. */
const minorVersion = 0

/** Roles made from templates of AWS's services (behaviours IAM-230 and IAM-244). */
export const roleTemplateFamily = family<Iam.Operations>()({
  AcquireRole: {
    requests(input, call) {
      const template = templateOf(input.TemplateArn)
      const acquire = {
        action: actionOf(call),
        resource: '*',
        context: { 'iam:RoleTemplateArn': input.TemplateArn },
      }
      const read = readsTemplate(input.TemplateArn, 'role template', call)
      if (template === undefined) return [acquire, read]
      const { name } = wantedRole(template, input)
      if (findNamed(roles, call.account, name) !== undefined) return [acquire, read]
      const requestOf = (action: string): AccessRequest => ({
        action,
        resource: iamArn(call.account, 'role', template.path, name),
        resourceInSentence: `role/${name}`,
      })
      return [acquire, read, requestOf('iam:CreateRole'), requestOf('iam:AttachRolePolicy')]
    },
    run(input, call) {
      const { account } = call
      const template = getTemplate(input.TemplateArn, input.TemplateMinorVersion)
      const roleWanted = wantedRole(template, input)
      const existing = findNamed(roles, account, roleWanted.name)
      if (existing !== undefined) return { Role: reused(existing, roleWanted, input.TemplateArn, call) }
      checkQuota(call, 'RolesPerAccount', account.table(roles).size + 1)
      const role: Role = {
        id: newId('AROA', account.id, call.deps.random),
        name: roleWanted.name,
        path: template.path,
        createdAt: call.now,
        inline: {},
        attached: roleWanted.policies.map((policy) => awsPolicyArn(account.partition, policy)),
        ...bindTrust(roleWanted.trust, call),
        maxSessionSeconds: 3_600,
        tags: [],
        description: roleWanted.description,
        source: { templateArn: input.TemplateArn, minorVersion, values: roleWanted.values },
      }
      account.table(roles).put(role)
      return { Role: roleOut(role, call) }
    },
  },
  GetRoleTemplateVersion: {
    requests: (input, call) => [readsTemplate(input.TemplateArn, 'role-template', call)],
    run(input) {
      const template = getTemplate(input.TemplateArn, input.MinorVersion)
      const [service = '', name = ''] = partsOf(input.TemplateArn) ?? []
      return {
        RoleTemplateVersion: {
          TemplateArn: input.TemplateArn,
          TemplateName: name,
          MajorVersion: 1,
          DefaultMinorVersion: minorVersion,
          MinorVersion: minorVersion,
          ManagedByValue: service,
          Enabled: true,
          VersionEnabled: true,
          RoleNamePattern: template.name,
          RolePathPattern: template.path,
          RoleDescriptionPattern: template.description,
          AssumeRolePolicyDocumentTemplate: trustOf(template.service),
          ManagedPolicyArns: template.policies.map((policy) => awsPolicyArn('aws', policy)),
          MaxSessionDuration: 3_600,
        },
      }
    },
  },
})

/** The two operations name a template in two ways. */
function readsTemplate(arn: string, word: string, call: Call): AccessRequest {
  return {
    action: 'iam:GetRoleTemplateVersion',
    resource: arn,
    resourceAccount: call.account.id,
    resourceInSentence: `${word} ${arn}`,
  }
}

/** The service and the name in the ARN of a template. */
function partsOf(arn: string): readonly string[] | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role-template/')) return undefined
  return parts.resource.slice('role-template/'.length).split(/[/:]/)
}

function templateOf(arn: string): Template | undefined {
  return templates.get(arn.slice(arn.indexOf('role-template/') + 'role-template/'.length))
}

/** @throws Fault InvalidInput or NoSuchEntity */
function getTemplate(arn: string, minor: number | undefined): Template {
  if (partsOf(arn) === undefined) throw invalidInput(`Invalid role template ARN: ${arn}`)
  const template = templateOf(arn)
  if (template !== undefined && (minor ?? minorVersion) === minorVersion) return template
  throw noSuchEntity(`Role template not found in repository: ${arn}`)
}

interface Wanted {
  readonly name: string
  readonly description: string
  readonly trust: string
  readonly policies: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

/** Returns the role that a template makes of its parameters. @throws Fault ValidationError unless each has one value */
function wantedRole(template: Template, { ReplacementValues: given = {} }: Iam.AcquireRoleRequest): Wanted {
  const values: Record<string, string> = {}
  for (const parameter of template.parameters) {
    const parameterValues = given[parameter]?.Values ?? []
    if (parameterValues.length !== 1) {
      throw validationError(
        `${parameter} replacement value must contain exactly one value, got ${parameterValues.length}`,
      )
    }
    values[parameter] = parameterValues[0]! // there is one
  }
  const filled = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
  return {
    name: filled(template.name),
    description: filled(template.description),
    trust: trustOf(filled(template.service)),
    policies: template.policies,
    values,
  }
}

function trustOf(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  })
}

/** Returns the role that exists. @throws Fault NameConflict or RoleModified (behaviour IAM-244) */
function reused(role: Role, wanted: Wanted, templateArn: string, call: Call): Iam.Role {
  if (role.source?.templateArn !== templateArn) {
    throw fault(
      'NameConflict',
      'A role with this name already exists in the account but was not created from this template. Choose a different role name, or remove the existing role if it is no longer needed.',
      400,
    )
  }
  if (JSON.stringify(role.source.values) !== JSON.stringify(wanted.values)) {
    throw fault(
      'NameConflict',
      'A role with this name exists but was created with different parameters. Pass a unique roleName to create a new role.',
      400,
    )
  }
  const policies = wanted.policies.map((policy) => awsPolicyArn(call.account.partition, policy))
  const isSame =
    role.tags.length === 0 &&
    role.boundaryArn === undefined &&
    Object.keys(role.inline).length === 0 &&
    role.attached.length === policies.length &&
    policies.every((policy) => role.attached.includes(policy)) &&
    plain(role.trust) === plain(wanted.trust)
  if (isSame) return roleOut({ ...role, trust: wanted.trust }, call)
  throw fault(
    'RoleModified',
    `Role ${role.name} has been modified since it was created and is no longer managed.`,
    400,
  )
}

/** A policy's text, whether single values are in lists or not, and in whatever order members are. */
function plain(text: string): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? sorted(value[0]) : value.map(sorted)
    if (typeof value !== 'object' || value === null) return value
    return Object.entries(value)
      .map(([key, each]) => [key, sorted(each)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  }
  return JSON.stringify(sorted(JSON.parse(text)))
}

function roleOut(role: Role, call: Call): Iam.Role {
  return {
    ...roleBrief(role, call),
    ...(role.description === undefined ? {} : { Description: role.description }),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
  }
}
