import type { Dependencies } from '../../authorization/index.ts'
import type { AccountId, HttpRequest } from '../../base/index.ts'
import { SignInRefusal } from './answers.ts'
import { type CenterAsked, findDevice, ownerOf, settled } from './center.ts'
import { centerEnter } from './center-login.ts'
import { readCenterRequest } from './center-request.ts'
import { queryFields } from './fields.ts'

/** A user of the directory that signs in. */
export interface CenterTarget {
  readonly center: string
}

/** Where programs of `aws sso login` lead a browser. */
export const centerPaths: ReadonlySet<string> = new Set(['/authorize', '/signin/device'])

/**
 * Decides on a request of `aws sso login`, by code or by device, in the person's place (behaviour SSO-100). @returns the
 * address that the answer leads to; undefined for a device @throws SignInRefusal
 */
export async function approveCenter(
  request: HttpRequest,
  target: CenterTarget | 'deny',
  deps: Dependencies,
): Promise<string | undefined> {
  const { owner, about } = await askedBy(request, deps)
  const person = target === 'deny' ? undefined : await centerEnter(owner, target.center, request, deps)
  return settled(about, owner, person, deps)
}

async function askedBy(
  request: HttpRequest,
  deps: Dependencies,
): Promise<{ readonly owner: AccountId; readonly about: CenterAsked }> {
  const fields = queryFields(request)
  if (request.rawPath === '/authorize') {
    const centerRequest = readCenterRequest(fields, request, deps)
    if (typeof centerRequest === 'string') throw new SignInRefusal(400, 'InvalidRequest', centerRequest)
    return { owner: centerRequest.owner, about: { request: centerRequest } }
  }
  const owner = ownerOf(fields.get('directory') ?? '')
  const account = owner && (await deps.directory.find(owner))
  if (account === undefined) throw new SignInRefusal(400, 'InvalidRequest', 'The directory is unknown.')
  const { hash } = findDevice(fields.get('user_code') ?? '', account, deps)
  return { owner: account.id, about: { device: hash } }
}
