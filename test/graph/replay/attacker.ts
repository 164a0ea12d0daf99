import type { ClientCredentials } from '../../../packages/server/src/testing/index.ts'
import { everything, keyIn, password, sessionIn, trustFor } from './loot.ts'
import { account, type Numbers } from './random-account.ts'
import type { Answered, ReplayServer } from './replay-house.ts'

/** Credentials that the attacker has, and whose they are. */
interface Held {
  readonly arn: string
  readonly credentials: ClientCredentials
}

type Input = Readonly<Record<string, string>>

/** One call of the attacker: its input, and whose credentials its answer gives. */
interface Move {
  readonly operation: string
  readonly input: Input
  readonly gives?: (answered: Answered) => Promise<Held | undefined>
}

/** Makes calls at random, with whatever credentials it comes to. */
export class RandomAttacker {
  readonly #server: ReplayServer
  readonly #number: Numbers
  readonly #held: Held[]
  /** ARNs of the principals whose credentials it has. */
  readonly reached = new Set<string>()
  /** Calls that were allowed. */
  allowed = 0
  /** Users whose password is the attacker's. To write it again gives nothing, and takes long. */
  readonly #passwords = new Set<string>()

  constructor(server: ReplayServer, from: string, number: Numbers) {
    this.#server = server
    this.#number = number
    const who = from.slice(from.lastIndexOf(':') + 1)
    this.#held = [{ arn: from, credentials: server.as(who) }]
    this.reached.add(from)
  }

  /** Makes a number of calls. */
  async run(calls: number): Promise<void> {
    for (let done = 0; done < calls; done++) {
      const holder = this.#pick(this.#held)
      let move = this.#move(holder)
      while (this.#isInVain(move)) move = this.#move(holder)
      const { operation, input, gives } = move
      const answered = await this.#server.call(holder.credentials, operation, input)
      if (!answered.ok) continue
      this.allowed++
      const given = await gives?.(answered)
      if (given === undefined) continue
      this.reached.add(given.arn)
      this.#held.push(given)
      // what is held longest is forgotten, but the attacker itself
      if (this.#held.length > mostHeld) this.#held.splice(1, 1)
    }
  }

  #isInVain({ operation, input }: Move): boolean {
    return operation.endsWith('LoginProfile') && this.#passwords.has(input.UserName ?? '')
  }

  #pick<Each>(all: readonly Each[]): Each {
    return all[this.#number(all.length)]!
  }

  #move({ arn }: Held): Move {
    const { made } = this.#server
    const user = this.#pick([...made.users, 'mallory'])
    const role = this.#pick([...made.roles, 'mallory'])
    const group = this.#pick(made.groups)
    const own = (name: string): string => `arn:aws:iam::${account}:policy/${name}`
    const policy = own(this.#pick([...made.policies, 'limit']))
    const attached = this.#pick([policy, 'arn:aws:iam::aws:policy/AdministratorAccess'])
    const roleArn = `arn:aws:iam::${account}:role/${role}`
    const userArn = `arn:aws:iam::${account}:user/${user}`
    const write = { PolicyName: this.#pick(['own', 'more']), PolicyDocument: everything }
    const boundary = this.#number(3) === 0 ? { PermissionsBoundary: attached } : {}
    const signIn = async (): Promise<Held | undefined> => {
      const credentials = await this.#server.signIn(user, password)
      this.#passwords.add(user)
      return credentials && { arn: userArn, credentials }
    }
    const trust = trustFor(arn.includes(':role/') ? '*' : arn)
    const tag = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': this.#pick(['blue', 'red']) }
    const identity = this.#number(2) === 0 ? { SourceIdentity: this.#pick(['ab', 'other']) } : {}
    const moves: readonly Move[] = [
      { operation: 'PutUserPolicy', input: { UserName: user, ...write } },
      { operation: 'PutRolePolicy', input: { RoleName: role, ...write } },
      { operation: 'PutGroupPolicy', input: { GroupName: group, ...write } },
      { operation: 'AttachUserPolicy', input: { UserName: user, PolicyArn: attached } },
      { operation: 'AttachRolePolicy', input: { RoleName: role, PolicyArn: attached } },
      { operation: 'AttachGroupPolicy', input: { GroupName: group, PolicyArn: attached } },
      { operation: 'DetachUserPolicy', input: { UserName: user, PolicyArn: policy } },
      { operation: 'DetachRolePolicy', input: { RoleName: role, PolicyArn: policy } },
      { operation: 'DeleteUserPolicy', input: { UserName: user, PolicyName: 'own' } },
      { operation: 'DeleteRolePolicy', input: { RoleName: role, PolicyName: 'own' } },
      { operation: 'DeleteUserPermissionsBoundary', input: { UserName: user } },
      { operation: 'DeleteRolePermissionsBoundary', input: { RoleName: role } },
      { operation: 'PutUserPermissionsBoundary', input: { UserName: user, PermissionsBoundary: attached } },
      { operation: 'PutRolePermissionsBoundary', input: { RoleName: role, PermissionsBoundary: attached } },
      {
        operation: 'CreatePolicyVersion',
        input: { PolicyArn: policy, PolicyDocument: everything, SetAsDefault: 'true' },
      },
      {
        operation: 'SetDefaultPolicyVersion',
        input: { PolicyArn: policy, VersionId: this.#pick(['v1', 'v2']) },
      },
      { operation: 'AddUserToGroup', input: { GroupName: group, UserName: user } },
      { operation: 'TagUser', input: { UserName: user, ...tag } },
      { operation: 'TagRole', input: { RoleName: role, ...tag } },
      { operation: 'CreateUser', input: { UserName: 'mallory', ...boundary } },
      {
        operation: 'CreateRole',
        input: { RoleName: 'mallory', AssumeRolePolicyDocument: trust, ...boundary },
      },
      { operation: 'UpdateAssumeRolePolicy', input: { RoleName: role, PolicyDocument: trust } },
      {
        operation: 'CreateAccessKey',
        input: { UserName: user },
        gives: async (answered) => ({ arn: userArn, credentials: keyIn(answered) }),
      },
      { operation: 'CreateLoginProfile', input: { UserName: user, Password: password }, gives: signIn },
      { operation: 'UpdateLoginProfile', input: { UserName: user, Password: password }, gives: signIn },
      {
        operation: 'AssumeRole',
        input: { RoleArn: roleArn, RoleSessionName: this.#pick(['night', 'omen']), ...identity },
        gives: async (answered) => ({ arn: roleArn, credentials: sessionIn(answered) }),
      },
    ]
    // half of the calls try for credentials
    return this.#number(2) === 0 ? this.#pick(moves) : this.#pick(moves.slice(-4))
  }
}

const mostHeld = 12
