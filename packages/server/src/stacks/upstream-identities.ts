import type { AccountId, Partition } from '../base/index.ts'
import { type GivenFile, type Image, readImage } from '../intake/index.ts'
import { type AskForm, upstreamAccount } from '../mirror/index.ts'
import { parseXml, type XmlElement } from '../wire/index.ts'

/** Entries of one page: short enough for what the guard reads of an answer. */
const pageSize = '100'
/** Pages at most: an account has no more identities. */
const pagesMost = 1_000
/** The filter of get-account-authorization-details: Omen has AWS's own policies. */
const kinds = ['User', 'Role', 'Group', 'LocalManagedPolicy']

/** The identities of an account of the upstream could not be read. */
export class UnreadableUpstream extends Error {
  override readonly name = 'UnreadableUpstream'
}

/** Reads what IAM resources the upstream has: by the calls that `omen import --how` has users make of AWS. */
export class UpstreamIdentities {
  readonly #ask: AskForm

  constructor(ask: AskForm) {
    this.#ask = ask
  }

  /** Whether the upstream has a role of this name. @throws an error if it does not answer */
  async hasRole(name: string, account: AccountId): Promise<boolean> {
    const { status } = await this.#send('GetRole', { RoleName: name }, account)
    return status === 200
  }

  /**
   * Everything that an account of the upstream contains, with the ARNs of Omen's account.
   * @throws UnreadableUpstream or IntakeProblem where an answer cannot be read; an error if the upstream does not answer
   */
  async image(account: AccountId, partition: Partition): Promise<Image> {
    const there = (await upstreamAccount(this.#ask, account)) ?? account
    const files: GivenFile[] = []
    const add = (answer: unknown, input?: object) => {
      const request = { account, partition, ...(input && { input }) }
      // the upstream may number its accounts otherwise
      const text = JSON.stringify({ request, answer }).replaceAll(`:${there}:`, `:${account}:`)
      files.push({ name: `upstream-${files.length}.json`, text })
    }
    let Marker: string | undefined
    for (let page = 0; page < pagesMost; page++) {
      const filter = Object.fromEntries(kinds.map((kind, index) => [`Filter.member.${index + 1}`, kind]))
      const fields = { MaxItems: pageSize, ...filter, ...(Marker === undefined ? {} : { Marker }) }
      const answer = await this.#result('GetAccountAuthorizationDetails', fields, account)
      add(answer)
      Marker = answer.IsTruncated === 'true' ? String(answer.Marker) : undefined
      if (Marker === undefined) break
    }
    for (const [operations, list, input] of providers) {
      const listed = await this.#result(operations.list, {}, account)
      for (const entry of Array.isArray(listed[list]) ? listed[list] : []) {
        const asked = { [input]: String((entry as { readonly Arn?: unknown }).Arn) } // the lists have objects with an ARN
        add(await this.#result(operations.get, asked, account), asked)
      }
    }
    return readImage(files, { account, partition })
  }

  async #result(
    action: string,
    fields: Readonly<Record<string, string>>,
    account: AccountId,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { status, text } = await this.#send(action, fields, account)
    const root = status === 200 ? parseXml(text) : undefined
    const result = root?.children.find(({ name }) => name === `${action}Result`)
    const value = result && jsonOf(result)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new UnreadableUpstream(`The upstream answered ${action} with ${status}, which cannot be read`)
    return value as Readonly<Record<string, unknown>> // an object, as was checked
  }

  #send(Action: string, fields: Readonly<Record<string, string>>, account: AccountId) {
    return this.#ask('iam', { Action, Version: '2010-05-08', ...fields }, account)
  }
}

/** How identity providers are listed and read: the list in the answer, and the name of the ARN in the request. */
const providers = [
  [
    { list: 'ListOpenIDConnectProviders', get: 'GetOpenIDConnectProvider' },
    'OpenIDConnectProviderList',
    'OpenIDConnectProviderArn',
  ],
  [{ list: 'ListSAMLProviders', get: 'GetSAMLProvider' }, 'SAMLProviderList', 'SAMLProviderArn'],
] as const

/** Unique ids and dates of the upstream: Omen makes its own, and compares what was taken over without them. */
const own = /^(?:(?:User|Group|Role|Policy|InstanceProfile)Id|CreateDate|UpdateDate)$/

/** Converts an element of the query protocol to JSON. Undefined if it is empty: it may be an empty list. */
function jsonOf({ children, text }: XmlElement): unknown {
  if (children.length === 0) return text.trim() === '' ? undefined : text
  if (children.every(({ name }) => name === 'member')) return children.map(jsonOf)
  return Object.fromEntries(
    children.flatMap((child) => (own.test(child.name) ? [] : [[child.name, jsonOf(child)]])),
  )
}
