import type { Fields } from './fields.ts'
import { escaped, input, type SignInPage, shell } from './pages.ts'
import type { Words } from './text.ts'

/** A permission set that is lent in an account, or a role of the account access manager, with the mask of the role. */
export interface PortalRow {
  readonly accountId: string
  readonly accountName: string
  /** The name of the set or of the role. */
  readonly name: string
  /** The fields of the form that name it: an account and a set, or a role's ARN. */
  readonly fields: Readonly<Record<string, string>>
  readonly mask: string
}

/** Credentials of a session, with their end in milliseconds. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresAt: number
}

/** The form of the directory. */
export function portalSignInPage(given: Fields, words: Words, refused?: string): SignInPage {
  const alert = refused === undefined ? '' : `<p class="refused" role="alert">${escaped(refused)}</p>`
  const form = `<form method="post" action="/signin/portal">${input('userName', words.userName, given.get('userName'))}${input('password', words.password, undefined, 'password')}${input('mfaCode', words.mfaCode, undefined, 'text', false)}${input('newPassword', words.newPassword, undefined, 'password', false)}<button>${words.signIn}</button></form>`
  return shell(words.centerTitle, `${alert}${form}`, words.lang)
}

/** Accounts as servers, and in each the masks that are lent. */
export function portalPage(
  token: string,
  person: string | undefined,
  rows: readonly PortalRow[],
  words: Words,
): SignInPage {
  const accounts = Map.groupBy(rows, ({ accountId }) => accountId)
  const servers = [...accounts].map(([id, lent]) => {
    const masks = lent.map(({ accountId, name, fields, mask }) => {
      const button = (action: 'wear' | 'keys') =>
        form(token, fields, action, words[action], `${words[action]}: ${name} (${accountId})`)
      return `<section>${mask}<h3>${escaped(name)}</h3>${button('wear')}${button('keys')}</section>`
    })
    return `<h2>${escaped(lent[0]?.accountName ?? '')} <small>${id}</small></h2>${masks.join('')}`
  })
  const empty = `<p>${words.nothingLent}</p>`
  const who = person === undefined ? '' : `<p>${escaped(words.portalOf(person))}</p>`
  const leave = form(token, {}, 'leave', words.leave)
  return shell(
    words.centerTitle,
    `${who}${servers.length === 0 ? empty : servers.join('')}${leave}`,
    words.lang,
  )
}

/** Credentials, shown once, after the way to do without copying them. */
export function keysPage(given: Keys, url: string, words: Words): SignInPage {
  const lines = [
    `export AWS_ENDPOINT_URL=${url}`,
    `export AWS_ACCESS_KEY_ID=${given.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${given.secretAccessKey}`,
    `export AWS_SESSION_TOKEN=${given.sessionToken}`,
  ]
  const until = new Date(given.expiresAt).toISOString()
  return shell(
    words.keys,
    `<p>${words.betterThanKeys} <code>omen sso config</code></p><p><textarea readonly rows="8" aria-label="${words.keys}">${escaped(lines.join('\n'))}</textarea></p><p>${escaped(words.until(until))}</p>`,
    words.lang,
  )
}

/** The form of a button. @param spoken the name of a button that opens a tab: there are many */
function form(
  token: string,
  fields: Readonly<Record<string, string>>,
  action: string,
  label: string,
  spoken?: string,
): string {
  const hidden = Object.entries({ t: token, ...fields })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('')
  return `<form method="post" action="/signin/portal"${spoken === undefined ? '' : ' target="_blank"'}>${hidden}<button name="action" value="${action}"${spoken === undefined ? '' : ` aria-label="${escaped(spoken)}"`}>${label}</button></form>`
}
