import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyVersionCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import { type ClientCredentials, createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { account, allow, policyText, trustPolicy } from '../kit/index.ts'

const role = (name: string) => `arn:aws:iam::${account}:role/${name}`

export interface Document {
  readonly Version: '2012-10-17'
  readonly Statement: readonly object[]
}

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const some = (...values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((all) => (all.length === 1 ? all[0]! : all))

const actions = some(
  '*',
  'iam:*',
  'iam:Get*',
  'iam:GetRole',
  'iam:TagRole',
  'iam:ListUsers',
  'iam:Create*',
  'sts:AssumeRole',
  'iam:PutRolePolicy',
)
const resources = some(
  '*',
  role('*'),
  role('team/*'),
  role('worn'),
  role('team/${aws:username}'),
  `arn:aws:iam::${account}:user/*`,
  role('team/a'),
)
const condition = oneOf(
  undefined,
  undefined,
  undefined,
  { StringEquals: { 'aws:username': 'dev' } },
  { StringNotEquals: { 'aws:username': ['ops', 'dev'] } },
  { StringLike: { 'aws:RequestTag/team': ['red', 'gr*'] } },
  { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] } },
  { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2099-01-01T00:00:00Z' } },
  { Null: { 'aws:RequestTag/team': 'true' } },
  { StringEquals: { 'sts:RoleSessionName': 'run' } },
)
const effect = oneOf('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny')

const statement = fc
  .tuple(
    effect,
    oneOf('Action', 'Action', 'Action', 'Action', 'NotAction'),
    actions,
    oneOf('Resource', 'Resource', 'Resource', 'NotResource'),
    resources,
    condition,
  )
  .map(([Effect, action, Action, resource, Resource, Condition]) => ({
    Effect,
    [action]: Action,
    [resource]: Resource,
    ...(Condition && { Condition }),
  }))

const documentOf = (statements: fc.Arbitrary<object>): fc.Arbitrary<Document> =>
  fc
    .array(statements, { minLength: 1, maxLength: 4 })
    .map((Statement) => ({ Version: '2012-10-17', Statement }))

const trust = documentOf(
  fc
    .tuple(
      effect,
      oneOf(account, `arn:aws:iam::${account}:user/dev`, `arn:aws:iam::${account}:user/ops`),
      condition,
    )
    .map(([Effect, AWS, Condition]) => ({
      Effect,
      Principal: { AWS },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    })),
)

export type Deed =
  | 'getRole'
  | 'getOther'
  | 'getUser'
  | 'createRole'
  | 'tagRole'
  | 'listUsers'
  | 'putRolePolicy'
  | 'assumeRole'
  | 'listAsRole'

/** The server's content, and the calls that are tried. */
export const world = fc.record({
  inline: documentOf(statement),
  managed: documentOf(statement),
  boundary: fc.option(documentOf(statement), { nil: undefined, freq: 2 }),
  worn: documentOf(statement),
  trust,
  deeds: fc.uniqueArray(
    oneOf<Deed>(
      'getRole',
      'getOther',
      'getUser',
      'createRole',
      'tagRole',
      'listUsers',
      'putRolePolicy',
      'assumeRole',
      'listAsRole',
    ),
    { minLength: 5, maxLength: 9 },
  ),
})
export type World = typeof world extends fc.Arbitrary<infer W> ? W : never

const plain = trustPolicy({ AWS: account })
const anything = policyText(allow('*'))

/** A server with a user `dev` of a few policies, who tries things. */
export class DecisionServer implements AsyncDisposable {
  readonly omen: RunningOmen
  readonly admin: IAMClient
  readonly #credentials: ClientCredentials
  #made = 0

  private constructor(omen: RunningOmen, admin: IAMClient, credentials: ClientCredentials) {
    this.omen = omen
    this.admin = admin
    this.#credentials = credentials
  }

  static async open(): Promise<DecisionServer> {
    const omen = await createOmen()
    const admin = omen.client(IAMClient)
    await admin.send(new CreateUserCommand({ UserName: 'dev' }))
    await admin.send(new CreateUserCommand({ UserName: 'ops' }))
    const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
    for (const [RoleName, Path] of [
      ['a', '/team/'],
      ['worn', '/'],
    ] as const)
      await admin.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: plain }))
    await admin.send(new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: anything }))
    const PolicyArn = `arn:aws:iam::${account}:policy/managed`
    await admin.send(new AttachUserPolicyCommand({ UserName: 'dev', PolicyArn }))
    return new DecisionServer(omen, admin, {
      accessKeyId: key!.AccessKeyId!,
      secretAccessKey: key!.SecretAccessKey!,
    })
  }

  /** Sets the world up. */
  async furnish({ inline, managed, boundary, worn, trust: trusted }: World): Promise<void> {
    const { admin } = this
    const user = { UserName: 'dev' }
    const text = (document: Document) => JSON.stringify(document)
    await this.putInline(text(inline))
    await admin.send(
      new PutRolePolicyCommand({ RoleName: 'worn', PolicyName: 'inline', PolicyDocument: text(worn) }),
    )
    await admin.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'worn', PolicyDocument: text(trusted) }))
    const number = this.#made++
    const policy = async (name: string, document: Document) => {
      const made = await admin.send(
        new CreatePolicyCommand({ PolicyName: `${name}${number}`, PolicyDocument: text(document) }),
      )
      return made.Policy!.Arn!
    }
    await this.#replaceManaged(text(managed))
    if (boundary === undefined)
      await admin.send(new DeleteUserPermissionsBoundaryCommand(user)).catch(() => {})
    else
      await admin.send(
        new PutUserPermissionsBoundaryCommand({
          ...user,
          PermissionsBoundary: await policy('boundary', boundary),
        }),
      )
  }

  /** A policy has five versions at most: the one before goes. */
  async #replaceManaged(PolicyDocument: string): Promise<void> {
    const policy = { PolicyArn: `arn:aws:iam::${account}:policy/managed` }
    const { PolicyVersion: made } = await this.admin.send(
      new CreatePolicyVersionCommand({ ...policy, PolicyDocument, SetAsDefault: true }),
    )
    const before = `v${Number(made?.VersionId?.slice(1)) - 1}`
    await this.admin.send(new DeletePolicyVersionCommand({ ...policy, VersionId: before }))
  }

  /** Replaces dev's own policy. */
  async putInline(PolicyDocument: string): Promise<void> {
    await this.admin.send(new PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'inline', PolicyDocument }))
  }

  /** Tries something as dev. */
  async try(deed: Deed): Promise<'done' | 'denied' | 'failed'> {
    const iam = this.omen.client(IAMClient, this.#credentials)
    const sts = this.omen.client(STSClient, this.#credentials)
    try {
      await this.#send(deed, iam, sts)
      return 'done'
    } catch (error) {
      return error instanceof Error && error.name.startsWith('AccessDenied') ? 'denied' : 'failed'
    } finally {
      iam.destroy()
      sts.destroy()
    }
  }

  async #send(deed: Deed, iam: IAMClient, sts: STSClient): Promise<unknown> {
    const assume = () => sts.send(new AssumeRoleCommand({ RoleArn: role('worn'), RoleSessionName: 'run' }))
    switch (deed) {
      case 'getRole':
        return iam.send(new GetRoleCommand({ RoleName: 'a' }))
      case 'getOther':
        return iam.send(new GetRoleCommand({ RoleName: 'none' }))
      case 'getUser':
        return iam.send(new GetUserCommand({ UserName: 'dev' }))
      case 'createRole':
        return iam.send(
          new CreateRoleCommand({
            RoleName: 'made',
            Path: '/team/',
            AssumeRolePolicyDocument: plain,
          }),
        )
      case 'tagRole':
        return iam.send(new TagRoleCommand({ RoleName: 'a', Tags: [{ Key: 'team', Value: 'green' }] }))
      case 'listUsers':
        return iam.send(new ListUsersCommand({}))
      case 'putRolePolicy':
        return iam.send(
          new PutRolePolicyCommand({ RoleName: 'a', PolicyName: 'p', PolicyDocument: anything }),
        )
      case 'assumeRole':
        return assume()
      case 'listAsRole': {
        const { Credentials: worn } = await assume()
        const client = this.omen.client(IAMClient, {
          accessKeyId: worn!.AccessKeyId!,
          secretAccessKey: worn!.SecretAccessKey!,
          sessionToken: worn!.SessionToken!,
        })
        return client.send(new ListUsersCommand({}))
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.omen.close()
  }
}
