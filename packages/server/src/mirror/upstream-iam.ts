import type { AccountId, Partition } from '../base/index.ts'
import type { MirrorCall } from './calls.ts'

/** A request to the upstream in the form of the query protocol. @throws an error if it does not answer */
export type AskForm = (
  service: 'iam' | 'sts',
  fields: Readonly<Record<string, string>>,
  account: AccountId,
) => Promise<{ readonly status: number; readonly text: string }>

/** The result of a call. */
export type CallResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'tolerated'; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

/** The account that the upstream assumes for the calls; undefined if unknown. @throws an error if it does not answer */
export async function upstreamAccount(ask: AskForm, account: AccountId): Promise<string | undefined> {
  const { status, text } = await ask('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }, account)
  return status === 200 ? /<Account>(\d{12})<\/Account>/.exec(text)?.[1] : undefined
}

/** The IAM of the upstream, which enforces nothing, but knows names. */
export class UpstreamIam {
  readonly #ask: AskForm

  constructor(ask: AskForm) {
    this.#ask = ask
  }

  /** Returns whether the upstream keeps roles at all. @throws an error if it does not answer */
  async isThere(account: AccountId): Promise<boolean> {
    const { status, text } = await this.#send('ListRoles', { MaxItems: '1' }, account)
    return status === 200 && text.includes('ListRolesResponse')
  }

  /** The account that the upstream assumes for the calls; undefined if unknown. */
  accountOf(account: AccountId): Promise<string | undefined> {
    return upstreamAccount(this.#ask, account)
  }

  /** Makes a call. @throws an error if the upstream does not answer */
  async call(call: MirrorCall, account: AccountId): Promise<CallResult> {
    const result = await this.#once(call, account)
    const isFull = result.kind === 'refused' && call.action === 'CreatePolicyVersion'
    if (!isFull || !/^LimitExceeded/.test(result.code)) return result
    await this.#dropOldVersions(call.fields.PolicyArn ?? '', account)
    return this.#once(call, account)
  }

  async #once({ action, fields, tolerates = [] }: MirrorCall, account: AccountId): Promise<CallResult> {
    const { status, text } = await this.#send(action, fields, account)
    if (status < 300) return { kind: 'done' }
    const code = /<Code>([\w.]{1,128})<\/Code>/.exec(text)?.[1] ?? String(status)
    if (tolerates.includes(code)) return { kind: 'tolerated', code }
    const message = /<Message>([^<]{0,500})/.exec(text)?.[1] ?? ''
    return { kind: 'refused', code, message }
  }

  async #dropOldVersions(PolicyArn: string, account: AccountId): Promise<void> {
    const { text } = await this.#send('ListPolicyVersions', { PolicyArn }, account)
    for (const [, member = ''] of text.matchAll(/<member>(.{1,2000}?)<\/member>/gs)) {
      const VersionId = /<VersionId>(v\d{1,9})<\/VersionId>/.exec(member)?.[1]
      if (VersionId !== undefined && /<IsDefaultVersion>false</.test(member))
        await this.#send('DeletePolicyVersion', { PolicyArn, VersionId }, account)
    }
  }

  #send(Action: string, fields: Readonly<Record<string, string>>, account: AccountId) {
    return this.#ask('iam', { Action, Version: '2010-05-08', ...fields }, account)
  }
}

/** Whose ARNs the upstream's are. */
export interface UpstreamOwner {
  readonly id: string
  readonly partition: Partition
}
