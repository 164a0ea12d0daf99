import type { Role } from './iam.ts'
import type { HeldPolicy } from './policies.ts'

/** A role with all that makes it, as code is written from it. */
export interface WholeRole {
  readonly role: Role
  readonly policies: readonly HeldPolicy[]
}

/** The role as one JSON document, in the form of GetAccountAuthorizationDetails. */
export function asJson({ role, policies }: WholeRole): string {
  return text({
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.created,
    ...(role.description === '' ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
    AssumeRolePolicyDocument: parsed(role.trust),
    RolePolicyList: inlineOf(policies).map(({ name, document }) => ({
      PolicyName: name,
      PolicyDocument: parsed(document),
    })),
    AttachedManagedPolicies: managedOf(policies).map(({ name, arn }) => ({
      PolicyName: name,
      PolicyArn: arn,
    })),
    ...(role.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
        }),
    Tags: tagsOf(role),
  })
}

/** Commands of the AWS CLI that make the role. */
export function asCli({ role, policies }: WholeRole): string {
  const create = [
    `aws iam create-role --role-name ${quoted(role.name)}`,
    `--path ${quoted(role.path)}`,
    `--assume-role-policy-document ${quoted(compact(role.trust))}`,
    `--max-session-duration ${role.maxSessionSeconds}`,
    ...(role.description === '' ? [] : [`--description ${quoted(role.description)}`]),
    ...(role.boundary === undefined ? [] : [`--permissions-boundary ${quoted(role.boundary)}`]),
    ...(role.tags.length === 0 ? [] : [`--tags ${quoted(JSON.stringify(tagsOf(role)))}`]),
  ]
  return [
    create.join(' \\\n  '),
    ...managedOf(policies).map(
      ({ arn = '' }) =>
        `aws iam attach-role-policy --role-name ${quoted(role.name)} --policy-arn ${quoted(arn)}`,
    ),
    ...inlineOf(policies).map(({ name, document }) =>
      [
        `aws iam put-role-policy --role-name ${quoted(role.name)} --policy-name ${quoted(name)}`,
        `--policy-document ${quoted(compact(document))}`,
      ].join(' \\\n  '),
    ),
    '',
  ].join('\n')
}

/** A CloudFormation template of the role. */
export function asCloudFormation({ role, policies }: WholeRole): string {
  return text({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: role.name,
          Path: role.path,
          ...(role.description === '' ? {} : { Description: role.description }),
          MaxSessionDuration: role.maxSessionSeconds,
          AssumeRolePolicyDocument: parsed(role.trust),
          ...(role.boundary === undefined ? {} : { PermissionsBoundary: role.boundary }),
          ManagedPolicyArns: managedOf(policies).map(({ arn }) => arn),
          Policies: inlineOf(policies).map(({ name, document }) => ({
            PolicyName: name,
            PolicyDocument: parsed(document),
          })),
          Tags: tagsOf(role),
        },
      },
    },
  })
}

/** Terraform's configuration of the role. */
export function asTerraform({ role, policies }: WholeRole): string {
  const id = identifier(role.name)
  const tags = role.tags.map(({ key, value }) => `    ${hcl(key)} = ${hcl(value)}`)
  const lines = [
    `resource "aws_iam_role" "${id}" {`,
    `  name                 = ${hcl(role.name)}`,
    `  path                 = ${hcl(role.path)}`,
    ...(role.description === '' ? [] : [`  description          = ${hcl(role.description)}`]),
    `  max_session_duration = ${role.maxSessionSeconds}`,
    ...(role.boundary === undefined ? [] : [`  permissions_boundary = ${hcl(role.boundary)}`]),
    `  assume_role_policy   = jsonencode(${indented(hclJson(role.trust))})`,
    ...(tags.length === 0 ? [] : ['  tags = {', ...tags, '  }']),
    '}',
    '',
  ]
  for (const [index, { arn = '' }] of managedOf(policies).entries())
    lines.push(
      `resource "aws_iam_role_policy_attachment" "${id}_${index + 1}" {`,
      `  role       = aws_iam_role.${id}.name`,
      `  policy_arn = ${hcl(arn)}`,
      '}',
      '',
    )
  for (const { name, document } of inlineOf(policies))
    lines.push(
      `resource "aws_iam_role_policy" "${id}_${identifier(name)}" {`,
      `  name   = ${hcl(name)}`,
      `  role   = aws_iam_role.${id}.id`,
      `  policy = jsonencode(${indented(hclJson(document))})`,
      '}',
      '',
    )
  return lines.join('\n')
}

function inlineOf(policies: readonly HeldPolicy[]): readonly HeldPolicy[] {
  return policies.filter(({ kind }) => kind === 'inline')
}

function managedOf(policies: readonly HeldPolicy[]): readonly HeldPolicy[] {
  return policies.filter(({ kind }) => kind === 'managed')
}

function tagsOf({ tags }: Role) {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }))
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document)
  } catch {
    return document
  }
}

function compact(document: string): string {
  const value = parsed(document)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One word for a POSIX shell, whatever is in it. */
export function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}

/** A text of Terraform's language: its templates begin with `${` and `%{`. */
function hcl(value: string): string {
  return escapedTemplates(JSON.stringify(value))
}

/** A JSON document as an expression of Terraform's language, which reads JSON's form. */
function hclJson(document: string): string {
  return escapedTemplates(JSON.stringify(parsed(document), null, 2))
}

function escapedTemplates(json: string): string {
  return json.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{')
}

function indented(lines: string): string {
  return lines.replaceAll('\n', '\n  ')
}

function identifier(name: string): string {
  const id = name.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  return /^[a-z_]/.test(id) ? id : `_${id}`
}
