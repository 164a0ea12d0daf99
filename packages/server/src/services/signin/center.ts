import type { Dependencies } from '../../authorization/index.ts'
import type { AccountId, HttpRequest, HttpResponse } from '../../base/index.ts'
import { accountInDigits, type PortalWho, personOf } from '../../center/index.ts'
import type { Account } from '../../directory/index.ts'
import { type Device, devices, issueCode, sealWho } from '../../grants/index.ts'
import { pageAnswer, redirectAnswer, SignInRefusal } from './answers.ts'
import type { Attempts } from './attempts.ts'
import { invalidPage } from './authorize-pages.ts'
import { type CenterPerson, centerLogin } from './center-login.ts'
import { centerAskPage, centerDecidePage, centerDonePage } from './center-pages.ts'
import {
  type CenterRequest,
  openCenterRequest,
  readCenterRequest,
  sealCenterRequest,
} from './center-request.ts'
import type { Fields } from './fields.ts'
import { wordsFor } from './text.ts'

const ticketPurpose = 'center-ticket'
const ticketLifetime = 600_000
const codeLifetime = 600_000

/** The decision that waits for a person who has signed in: in the page, sealed. */
interface Ticket {
  readonly who: CenterPerson
  readonly about: CenterAsked
  readonly until: number
}

/** `GET /authorize`: checks what a program asks of the portal, and leads to the page. */
export function beginCenter(fields: Fields, request: HttpRequest, deps: Dependencies): HttpResponse {
  const centerRequest = readCenterRequest(fields, request, deps)
  if (typeof centerRequest === 'string') return pageAnswer(400, invalidPage(centerRequest, wordsFor(request)))
  return { ...redirectAnswer(`/signin/center?r=${sealCenterRequest(centerRequest, deps)}`), status: 302 }
}

/** `GET /signin/center` and `GET /signin/device`: the form of the directory. @param refused why it is shown again */
export function showCenter(
  fields: Fields,
  request: HttpRequest,
  deps: Dependencies,
  refused?: { readonly status: number; readonly message: string },
): HttpResponse {
  const words = wordsFor(request)
  const sealed = fields.get('r')
  const centerRequest = sealed === undefined ? undefined : openCenterRequest(sealed, deps)
  if (sealed !== undefined && centerRequest === undefined)
    return pageAnswer(400, invalidPage(words.ended, words))
  const given =
    sealed === undefined
      ? { directory: fields.get('directory') ?? '', userCode: fields.get('user_code') ?? '' }
      : { r: sealed }
  return pageAnswer(
    refused?.status ?? 200,
    centerAskPage(given, centerRequest?.clientName, words, refused?.message),
  )
}

/** `POST /signin/center`: the sign-in of a person, and then the decision. */
export async function decideCenter(
  fields: Fields,
  request: HttpRequest,
  attempts: Attempts,
  deps: Dependencies,
): Promise<HttpResponse> {
  const ticket = fields.get('t')
  if (ticket !== undefined) return decided(ticket, fields.get('decision') === 'allow', request, deps)
  const words = wordsFor(request)
  const centerRequest = openCenterRequest(fields.get('r') ?? '', deps)
  const owner = centerRequest?.owner ?? ownerOf(fields.get('directory') ?? '')
  if (owner === undefined || (centerRequest === undefined && fields.has('r')))
    return pageAnswer(400, invalidPage(words.ended, words))
  return centerLogin(owner, fields, request, attempts, deps, async (who, account) => {
    const device =
      centerRequest === undefined ? findDevice(fields.get('user_code') ?? '', account, deps) : undefined
    const about = centerRequest === undefined ? { device: device!.hash } : { request: centerRequest } // one of them is there
    const until = deps.clock.now() + ticketLifetime
    const sealed = deps.vault.sealText(ticketPurpose, JSON.stringify({ who, about, until } satisfies Ticket))
    const client = centerRequest ?? { clientName: device!.clientName, from: device!.from } // as above
    const leadsTo = centerRequest === undefined ? '' : new URL(centerRequest.redirectUri).origin
    return pageAnswer(
      200,
      centerDecidePage(sealed, { ...client, userCode: device?.userCode, userName: who.userName }, words),
      leadsTo === 'null' ? '' : leadsTo,
    )
  })
}

/** Takes the decision. */
async function decided(
  sealed: string,
  allow: boolean,
  request: HttpRequest,
  deps: Dependencies,
): Promise<HttpResponse> {
  const words = wordsFor(request)
  const ticket = openTicket(sealed, deps)
  if (ticket === undefined) return pageAnswer(400, invalidPage(words.ended, words))
  const {
    about,
    who: { userName: _, ...person },
  } = ticket
  const account = await deps.directory.find(person.owner)
  await deps.directory.findPeople(person.owner)
  if (account === undefined || personOf(person, account, deps) === undefined)
    throw new SignInRefusal(401, 'AuthenticationFailed', words.ended)
  const to = await settled(about, person.owner, allow ? person : undefined, deps)
  return to === undefined ? pageAnswer(200, centerDonePage(allow, words)) : redirectAnswer(to)
}

/** The subject of the decision: a request of a browser, or a device. */
export type CenterAsked = { readonly request: CenterRequest } | { readonly device: string }

/**
 * Changes the state once. @param person absent if they refuse @returns the address that the answer leads to; a device asks
 * by itself
 */
export function settled(
  about: CenterAsked,
  owner: AccountId,
  person: PortalWho | undefined,
  deps: Dependencies,
): Promise<string | undefined> {
  return deps.directory.settle(async () => {
    const account = await deps.directory.find(owner)
    if (person !== undefined) await deps.directory.findPeople(owner)
    if (account === undefined || (person !== undefined && personOf(person, account, deps) === undefined))
      throw new SignInRefusal(401, 'AuthenticationFailed', 'The user may not sign in.')
    if ('device' in about) {
      await decideDevice(about.device, person, account, deps)
      return undefined
    }
    const { redirectUri, state, client, challenge, clientName, scopes } = about.request
    const to = new URL(redirectUri)
    to.searchParams.set('state', state)
    if (person === undefined) {
      to.searchParams.set('error', 'access_denied')
      return to.href
    }
    const until = deps.clock.now() + codeLifetime
    const who: PortalWho = { ...person, clientName, scopes }
    to.searchParams.set('code', issueCode({ client, redirectUri, challenge, who, until }, account, deps))
    await deps.directory.commit([])
    return to.href
  })
}

async function decideDevice(
  hash: string,
  person: PortalWho | undefined,
  account: Account,
  deps: Dependencies,
): Promise<void> {
  const device = account.table(devices).find(hash)
  if (device?.state !== 'pending' || deps.clock.now() >= device.until)
    throw new SignInRefusal(400, 'InvalidRequest', 'The code is not valid, or no longer.')
  const who = person && { ...person, clientName: device.clientName, scopes: device.scopes }
  account
    .table(devices)
    .put(
      who === undefined
        ? { ...device, state: 'denied' }
        : { ...device, state: 'approved', sealed: sealWho(who, deps) },
    )
  await deps.directory.commit([])
}

/** @throws SignInRefusal: a wrong code counts as a wrong password */
export function findDevice(text: string, account: Account, deps: Dependencies): Device {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '')
  const device = account.table(devices).findBy('userCode', `${letters.slice(0, 4)}-${letters.slice(4)}`)
  if (device?.state === 'pending' && deps.clock.now() < device.until) return device
  throw new SignInRefusal(401, 'AuthenticationFailed', 'The code is not valid, or no longer.')
}

/** The account of a directory's id, whether or not it exists. */
export function ownerOf(directory: string): AccountId | undefined {
  return accountInDigits(directory.replace(/^d-/, ''))
}

function openTicket(sealed: string, { vault, clock }: Dependencies): Ticket | undefined {
  const text = vault.openText(ticketPurpose, sealed)
  if (text === undefined) return undefined
  const ticket = JSON.parse(text) as Ticket // sealed by decideCenter
  return clock.now() < ticket.until ? ticket : undefined
}
