import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, type HttpRequest, type HttpResponse, isoSeconds } from '../base/index.ts'
import {
  type Account,
  type Instance,
  instanceProfiles,
  instances,
  newestAccount,
  type Role,
  roles,
} from '../directory/index.ts'
import { metadataJson, refuse, text } from './answer.ts'
import { CredentialCache, type RoleCredentials } from './credential-cache.ts'
import { longestToken, openToken, sealToken } from './metadata-token.ts'
import { type Folder, identityDocument, metadataTree, type Node } from './metadata-tree.ts'

/** Versions in the path; all return the same. */
const versions = /^(?:latest|1\.0|\d{4}-\d{2}-\d{2})$/
const tokenHeader = 'x-aws-ec2-metadata-token'
const lifeHeader = 'x-aws-ec2-metadata-token-ttl-seconds'
const troubleshooting =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.'

/** The version of the service as policies see it. */
type Delivery = '1.0' | '2.0'

/**
 * The metadata service of one instance, versions 1 and 2 (behaviours WKL-1 to WKL-13). It reads the instance for every
 * answer, so a removed profile takes effect at once.
 */
export class Metadata {
  readonly #deps: Dependencies
  readonly #accountId: AccountId
  readonly #instanceId: string
  /** One for each version of the service: policies distinguish their credentials (behaviour POL-175). */
  readonly #caches: Readonly<Record<Delivery, CredentialCache>>

  constructor(deps: Dependencies, accountId: AccountId, instanceId: string) {
    this.#deps = deps
    this.#accountId = accountId
    this.#instanceId = instanceId
    const name = { service: 'ec2.amazonaws.com', sessionName: instanceId }
    this.#caches = { '1.0': new CredentialCache(deps, name), '2.0': new CredentialCache(deps, name) }
  }

  /** Returns whether the instance still exists. */
  async alive(): Promise<boolean> {
    return (await this.#find()) !== undefined
  }

  /** Assumes the instance's role if the instance runs and has one; later requests get that session. */
  async putOn(): Promise<void> {
    const found = await this.#find()
    if (found === undefined || found.instance.state !== 'running') return
    const { instance, account } = found
    const kept = instance.profile && account.table(instanceProfiles).find(instance.profile.profileId)
    const role = kept?.roleId === undefined ? undefined : account.table(roles).find(kept.roleId)
    if (role !== undefined) await this.#assumed(account, role, instance, '2.0')
  }

  async answer(request: HttpRequest): Promise<HttpResponse> {
    const found = await this.#find()
    if (found === undefined) return refuse(404)
    const { instance, account } = found
    if (instance.metadata.endpoint === 'disabled') return refuse(403)
    // nothing runs in a stopped instance that could ask
    if (instance.state !== 'running') return refuse(503)
    const path = pathOf(request.rawPath)
    if (path === undefined) return refuse(404)
    if (request.method === 'PUT') return this.#token(request, path)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const token = request.headers[tokenHeader]
    const now = this.#deps.clock.now()
    const end = token && openToken(this.#deps.vault, token, instance.id, now)
    if (token === undefined ? instance.metadata.tokens === 'required' : !end) return refuse(401)
    const body = await this.#look(path, instance, account, end ? '2.0' : '1.0')
    if (body === undefined) return refuse(404)
    return text(body, end ? { [lifeHeader]: String(Math.ceil((end - now) / 1000)) } : {})
  }

  async #find(): Promise<{ readonly account: Account; readonly instance: Instance } | undefined> {
    const account = await newestAccount(this.#deps.directory, this.#accountId)
    const instance = account?.table(instances).find(this.#instanceId)
    return account === undefined || instance === undefined || instance.state === 'terminated'
      ? undefined
      : { account, instance }
  }

  /**
   * PUT /latest/api/token. A request through a proxy gets none, which is the purpose of version 2 (behaviour WKL-3).
   */
  #token(request: HttpRequest, path: readonly string[]): HttpResponse {
    if (path.join('/') !== 'latest/api/token') return refuse(405)
    if (request.headers['x-forwarded-for'] !== undefined) return refuse(403)
    const life = request.headers[lifeHeader] ?? ''
    const seconds = /^\d{1,5}$/.test(life) ? Number(life) : 0
    if (seconds < 1 || seconds > longestToken) return refuse(400)
    const { vault, clock } = this.#deps
    const token = sealToken(vault, this.#instanceId, clock.now() + seconds * 1000)
    return text(token, { [lifeHeader]: String(seconds) })
  }

  async #look(
    path: readonly string[],
    instance: Instance,
    account: Account,
    delivery: Delivery,
  ): Promise<string | Uint8Array | undefined> {
    const [version, branch, ...rest] = path
    if (version === undefined) return 'latest'
    if (!versions.test(version)) return undefined
    if (branch === 'user-data') {
      if (rest.length > 0 || instance.userData === undefined) return undefined
      return Buffer.from(instance.userData, 'base64')
    }
    const root: Folder = {
      dynamic: { 'instance-identity': { document: identityDocument(instance, account.id) } },
      'meta-data': metadataTree(instance, account, this.#iam(instance, account, delivery)),
      ...(instance.userData === undefined ? {} : { 'user-data': '' }),
    }
    return lookUp(root, branch === undefined ? [] : [branch, ...rest])
  }

  /** `iam/`: only while the instance has a profile, and credentials only while the profile has a role. */
  #iam(instance: Instance, account: Account, delivery: Delivery): Folder | undefined {
    const { profile } = instance
    if (profile === undefined) {
      for (const cache of Object.values(this.#caches)) cache.forget()
      return undefined
    }
    const now = isoSeconds(this.#deps.clock.now())
    const kept = account.table(instanceProfiles).find(profile.profileId)
    if (kept === undefined) {
      return {
        info: metadataJson({
          Code: 'InstanceProfileNotFound',
          Message: `Instance Profile with id ${profile.profileId} cannot be found. Please see documentation at ${troubleshooting}`,
          LastUpdated: now,
        }),
      }
    }
    const info = metadataJson({
      Code: 'Success',
      LastUpdated: now,
      InstanceProfileArn: profile.profileArn,
      InstanceProfileId: profile.profileId,
    })
    const role = kept.roleId === undefined ? undefined : account.table(roles).find(kept.roleId)
    if (role === undefined) return { info }
    const credentials = () => this.#credentials(account, role, instance, delivery)
    return { info, 'security-credentials': { [role.name]: credentials } }
  }

  #assumed(
    account: Account,
    role: Role,
    instance: Instance,
    delivery: Delivery,
  ): Promise<RoleCredentials | undefined> {
    return this.#caches[delivery].credentials(account, role, {
      'ec2:SourceInstanceARN': `arn:${account.partition}:ec2:${instance.region}:${account.id}:instance/${instance.id}`,
      'ec2:RoleDelivery': delivery,
      'aws:Ec2InstanceSourceVpc': instance.vpcId,
      'aws:Ec2InstanceSourcePrivateIPv4': instance.privateIp,
    })
  }

  async #credentials(account: Account, role: Role, instance: Instance, delivery: Delivery): Promise<string> {
    const handed = await this.#assumed(account, role, instance, delivery)
    return handed === undefined
      ? metadataJson({
          Code: 'AssumeRoleUnauthorizedAccess',
          Message: `EC2 cannot assume the role ${role.name}.  Please see documentation at ${troubleshooting}`,
          LastUpdated: isoSeconds(this.#deps.clock.now()),
        })
      : credentialsText(handed)
  }
}

function credentialsText({ credentials, at }: RoleCredentials): string {
  return metadataJson({
    Code: 'Success',
    LastUpdated: isoSeconds(at),
    Type: 'AWS-HMAC',
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: isoSeconds(credentials.expiresAt),
  })
}

/** Returns the path's parts without empty ones, or undefined if the path is malformed. */
function pathOf(rawPath: string): readonly string[] | undefined {
  if (rawPath.length > 1_024) return undefined
  try {
    return decodeURIComponent(rawPath)
      .split('/')
      .filter((part) => part !== '')
  } catch {
    return undefined
  }
}

/** Returns the value at a path, or the names in a folder, with a slash after those of folders. */
async function lookUp(root: Folder, path: readonly string[]): Promise<string | undefined> {
  let node: Node | undefined = root
  for (const [i, part] of path.entries()) {
    if (typeof node !== 'object') return undefined
    node = child(node, part, path[i - 1])
    if (node === undefined) return undefined
  }
  if (typeof node === 'function') return node()
  if (typeof node === 'string') return node
  return Object.entries(node)
    .map(([name, each]) => (typeof each === 'object' && !name.includes('=') ? `${name}/` : name))
    .join('\n')
}

/** Returns a folder's child; public keys are listed as `0=name` and requested as `0`. */
function child(folder: Folder, part: string, parent: string | undefined): Node | undefined {
  if (Object.hasOwn(folder, part)) return folder[part]
  if (parent !== 'public-keys') return undefined
  const name = Object.keys(folder).find((each) => each.startsWith(`${part}=`))
  return name === undefined ? undefined : folder[name]
}
