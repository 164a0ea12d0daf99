import { escaped, input, type SignInPage, shell } from './pages.ts'
import type { Words } from './text.ts'

/** The form of a directory: who signs in, and for a device its code. */
export function centerAskPage(
  given: { readonly r: string } | { readonly directory: string; readonly userCode: string },
  clientName: string | undefined,
  words: Words,
  refused?: string,
): SignInPage {
  const fields =
    'r' in given
      ? [hidden('r', given.r)]
      : [hidden('directory', given.directory), input('user_code', words.userCode, given.userCode)]
  const who = [
    input('userName', words.userName),
    input('password', words.password, undefined, 'password'),
    input('mfaCode', words.mfaCode, undefined, 'text', false),
    input('newPassword', words.newPassword, undefined, 'password', false),
  ]
  const about = clientName === undefined ? '' : `<p>${escaped(words.centerAsks(clientName))}</p>`
  const form = `<form method="post" action="/signin/center">${[...fields, ...who].join('')}<button>${words.signIn}</button></form>`
  return shell(words.centerTitle, `${about}${alert(refused)}${form}`, words.lang)
}

/** The decision. Refusing is what the Enter key does. */
export function centerDecidePage(
  ticket: string,
  about: {
    readonly clientName: string
    readonly from: string
    readonly userCode: string | undefined
    readonly userName: string
  },
  words: Words,
): SignInPage {
  const code =
    about.userCode === undefined
      ? ''
      : `<p>${words.isThisCode}</p><p><strong>${escaped(about.userCode)}</strong></p>`
  const form = `<form method="post" action="/signin/center">${hidden('t', ticket)}<button name="decision" value="refuse">${words.refuse}</button> <button name="decision" value="allow">${escaped(words.allowAs(about.userName))}</button></form>`
  return shell(
    words.centerTitle,
    `<p>${escaped(words.centerAsks(about.clientName))} ${escaped(words.from(about.from))}</p><p>${words.centerGives}</p>${code}${form}`,
    words.lang,
  )
}

export function centerDonePage(allowed: boolean, words: Words): SignInPage {
  const text = allowed ? words.centerDone : words.centerRefused
  return shell(words.centerTitle, `<p role="status">${text}</p>`, words.lang)
}

function alert(why: string | undefined): string {
  return why === undefined ? '' : `<p class="refused" role="alert">${escaped(why)}</p>`
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escaped(value)}">`
}
