import { createHash, timingSafeEqual } from 'node:crypto'
import type { Dependencies } from '../authorization/index.ts'
import {
  type AccountId,
  accountInArn,
  fault,
  type HttpRequest,
  type HttpResponse,
  iamArn,
  isoSeconds,
  uuid,
} from '../base/index.ts'
import { type Account, findRole, newestAccount, type Role, roles } from '../directory/index.ts'
import { json } from './answer.ts'
import { CredentialCache, type WorkloadSession } from './credential-cache.ts'

/** The most containers that may have an address at once. */
const mostContainers = 10_000

interface Container {
  readonly account: AccountId
  readonly roleId: string
  readonly token: string
  readonly name: WorkloadSession
  readonly cache: CredentialCache
}

/** A container's access to its credentials: the address, and the token. */
export interface ContainerPath {
  /** `/v2/credentials/…`, the value of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI. */
  readonly path: string
  /** The value of the Authorization header. */
  readonly token: string
}

/**
 * The paths of ECS's agent and of EKS's. The first identifies its container in the path, the second only in the token.
 */
const ecsPath = /^\/v2\/credentials\/([0-9a-f-]{36})$/
const podPath = '/v1/credentials'

/**
 * The endpoint of container credentials, in ECS's form and in that of EKS Pod Identity (behaviours WKL-30 to WKL-33).
 */
export class Containers {
  readonly #deps: Dependencies
  readonly #containers = new Map<string, Container>()
  /** Containers by the digest of their token, for the path that does not name them. */
  readonly #byToken = new Map<string, string>()

  constructor(deps: Dependencies) {
    this.#deps = deps
  }

  /**
   * Gives a container a path and a token of its own. @throws Fault if the role is absent, or there are too many
   * containers
   */
  async add(roleArn: string, name: WorkloadSession): Promise<ContainerPath> {
    const { account, role } = await this.#role(roleArn)
    if (this.#containers.size >= mostContainers)
      throw fault(
        'LimitExceeded',
        `No more than ${mostContainers} containers may have credentials at once.`,
        400,
      )
    const id = uuid(this.#deps.random)
    const token = Buffer.from(this.#deps.random.bytes(32)).toString('base64url')
    const cache = new CredentialCache(this.#deps, name)
    this.#containers.set(id, { account: account.id, roleId: role.id, token, name, cache })
    this.#byToken.set(digest(token), id)
    return { path: `/v2/credentials/${id}`, token }
  }

  /** Removes the path. */
  remove(path: string): void {
    const id = ecsPath.exec(path)?.[1] ?? ''
    const container = this.#containers.get(id)
    if (container === undefined) return
    this.#containers.delete(id)
    this.#byToken.delete(digest(container.token))
  }

  async answer(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== 'GET') return problem(405, 'MethodNotAllowed', 'Only GET is answered here.')
    if (request.headers['x-forwarded-for'] !== undefined)
      return problem(403, 'Forbidden', 'Credentials are not handed through a proxy.')
    const container = this.#asking(request)
    if (container === undefined) return problem(403, 'AccessDenied', 'Authorization does not match.')
    const account = await newestAccount(this.#deps.directory, container.account)
    const role = account?.table(roles).find(container.roleId)
    if (account === undefined || role === undefined)
      return problem(404, 'NoSuchEntity', 'The role is no longer there.')
    const handed = await container.cache.credentials(account, role)
    const roleArn = iamArn(account, 'role', role.path, role.name)
    if (handed === undefined) {
      const { service } = container.name
      return problem(403, 'AccessDenied', `${roleArn} does not trust ${service}: it cannot be assumed.`)
    }
    const { credentials } = handed
    return json(200, {
      RoleArn: roleArn,
      AccountId: account.id,
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      Expiration: isoSeconds(credentials.expiresAt),
    })
  }

  /** Returns the container of a request: both the path and the token must be its own. */
  #asking({ rawPath, headers }: HttpRequest): Container | undefined {
    const given = headers.authorization ?? ''
    const id = rawPath === podPath ? this.#byToken.get(digest(given)) : ecsPath.exec(rawPath)?.[1]
    const container = id === undefined ? undefined : this.#containers.get(id)
    return container !== undefined && sameToken(given, container.token) ? container : undefined
  }

  async #role(arn: string): Promise<{ readonly account: Account; readonly role: Role }> {
    const id = accountInArn(arn)
    const account = id && (await newestAccount(this.#deps.directory, id))
    const role = account && findRole(account, arn)
    if (!account || role === undefined) throw fault('NoSuchEntity', `The role ${arn} cannot be found.`, 404)
    return { account, role }
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function sameToken(given: string, token: string): boolean {
  return timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(token)))
}

function problem(status: number, code: string, message: string): HttpResponse {
  return json(status, { code, message })
}
