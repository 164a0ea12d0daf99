import type { ClientCredentials } from 'omen-iam'
import { account, type GuardServer, visiting } from '../guard/house.ts'
import { trustPolicy } from '../kit/index.ts'

/** Who makes a row's call. */
export interface RowCaller {
  readonly kind: 'administrator' | 'anonymous' | 'member' | 'role' | 'user'
  readonly name?: string
  readonly session?: string
  readonly identity?: object
  readonly boundary?: object
  readonly sessionPolicy?: object
}

/** The callers of rows: each principal is made once, and its policies are replaced where a row has others. */
export class RowCallers {
  readonly #server: GuardServer
  readonly #policies = new Map<string, string>()
  readonly #boundaries = new Map<string, string>()
  readonly #visitorAccount: string

  private constructor(server: GuardServer, visitorAccount: string) {
    this.#server = server
    this.#visitorAccount = visitorAccount
  }

  /** The callers of a guard, which gets an organization with another account, `member`. */
  static async of(server: GuardServer): Promise<RowCallers> {
    return new RowCallers(server, (await visiting(server)).visitorAccount)
  }

  /** The number of the other account. */
  get otherAccount(): string {
    return this.#visitorAccount
  }

  get memberRole(): string {
    return `arn:aws:iam::${this.#visitorAccount}:role/OrganizationAccountAccessRole`
  }

  /** The credentials of a caller; undefined for nobody. */
  async as(caller: RowCaller): Promise<ClientCredentials | undefined> {
    const { omen } = this.#server
    const { kind, name = kind, session = 'session', sessionPolicy } = caller
    const policy = sessionPolicy === undefined ? {} : { policy: sessionPolicy }
    switch (kind) {
      case 'anonymous':
        return undefined
      case 'administrator':
        return this.#server.admin
      case 'member':
        return omen.as(this.memberRole, { sessionName: 'visitor', ...policy }).credentials
      case 'user':
        await this.#made(kind, name, caller)
        return omen.as(`user/${name}`, { account }).credentials
      case 'role':
        await this.#made(kind, name, caller)
        return omen.as(`role/${name}`, { account, sessionName: session, ...policy }).credentials
    }
  }

  async #made(kind: 'role' | 'user', name: string, { identity, boundary }: RowCaller): Promise<void> {
    const { iam } = this.#server
    const key = `${kind}/${name}`
    const PermissionsBoundary = boundary === undefined ? undefined : await this.#boundary(boundary)
    const wanted = JSON.stringify([identity ?? null, PermissionsBoundary ?? null])
    const had = this.#policies.get(key)
    if (had === wanted) return
    this.#policies.set(key, wanted)
    const named = { PolicyName: 'own', PolicyDocument: JSON.stringify(identity) }
    if (kind === 'user') {
      if (had === undefined) await iam.createUser({ UserName: name })
      await (identity === undefined
        ? had && iam.deleteUserPolicy({ UserName: name, PolicyName: 'own' }).catch(() => {})
        : iam.putUserPolicy({ UserName: name, ...named }))
      if (PermissionsBoundary !== undefined)
        await iam.putUserPermissionsBoundary({ UserName: name, PermissionsBoundary })
      else if (had !== undefined) await iam.deleteUserPermissionsBoundary({ UserName: name }).catch(() => {})
      return
    }
    const AssumeRolePolicyDocument = trustPolicy({ AWS: account })
    if (had === undefined) await iam.createRole({ RoleName: name, AssumeRolePolicyDocument })
    await (identity === undefined
      ? had && iam.deleteRolePolicy({ RoleName: name, PolicyName: 'own' }).catch(() => {})
      : iam.putRolePolicy({ RoleName: name, ...named }))
    if (PermissionsBoundary !== undefined)
      await iam.putRolePermissionsBoundary({ RoleName: name, PermissionsBoundary })
    else if (had !== undefined) await iam.deleteRolePermissionsBoundary({ RoleName: name }).catch(() => {})
  }

  /** The ARN of a managed policy with this document. */
  async #boundary(document: object): Promise<string> {
    const text = JSON.stringify(document)
    const known = this.#boundaries.get(text)
    if (known !== undefined) return known
    const name = `boundary-${this.#boundaries.size}`
    const { Policy } = await this.#server.iam.createPolicy({ PolicyName: name, PolicyDocument: text })
    const arn = Policy!.Arn!
    this.#boundaries.set(text, arn)
    return arn
  }
}
