import { confirmationPath } from './oauth-client.ts'
import type { OauthRequest } from './oauth-request.ts'
import { escaped, input, type SignInPage, shell } from './pages.ts'
import { placeOf } from './redirects.ts'
import type { Words } from './text.ts'

/** An identity that a person may give to a program. */
export interface Choice {
  readonly value: 'role' | 'person'
  readonly name: string
  readonly arn: string
  /** The drawing of its mask; a person without a role has none. */
  readonly mask?: string
}

const goesOn = `for(const form of document.querySelectorAll('[data-goes-on]'))if(half!=='')form.requestSubmit()`

/** The first page of a request: the sign-in of this browser, which only its script knows, or the form. */
export function askPage(sealed: string, request: OauthRequest, words: Words, refused?: string): SignInPage {
  const goOn = `<div data-entered hidden><p>${words.signedIn}</p><form method="post" action="/signin/authorize"${refused === undefined ? ' data-goes-on' : ''}>${hidden('r', sealed)}${hidden('half')}<button>${words.goOn}</button></form><h2>${words.other}</h2></div>`
  const form = `<form method="post" action="/signin/login">${hidden('r', sealed)}${[
    input('account', words.account),
    input('userName', words.userName),
    input('password', words.password, undefined, 'password'),
    input('mfaCode', words.mfaCode, undefined, 'text', false),
    input('newPassword', words.newPassword, undefined, 'password', false),
  ].join('')}<button>${words.signIn}</button></form>`
  return shell(words.asks, `${about(request, words)}${alert(refused)}${goOn}${form}`, words.lang, goesOn)
}

/** The page on which a person decides, and as whom. */
export function decidePage(
  sealed: string,
  request: OauthRequest,
  choices: readonly Choice[],
  words: Words,
): SignInPage {
  const offered = choices.map(
    ({ value, name, arn, mask = '' }) =>
      `<section>${mask}<p><strong>${escaped(name)}</strong><br>${value === 'role' ? words.assumed : words.person}<br><code>${escaped(arn)}</code></p><button name="decision" value="allow-${value}">${escaped(words.allowAs(name))}</button></section>`,
  )
  const form = `<form method="post" action="/signin/authorize">${hidden('r', sealed)}${hidden('half')}${offered.join('')}<button name="decision" value="refuse">${words.refuse}</button></form>`
  const gives = request.resource === undefined ? words.gives : words.agentGives
  return shell(words.asks, `${about(request, words)}<p>${gives}</p>${form}`, words.lang)
}

/** The page of a denial: the person decides whether the program learns of it. */
export function deniedPage(sealed: string, why: string, words: Words): SignInPage {
  const form = `<form method="post" action="/signin/authorize">${hidden('r', sealed)}${hidden('half')}<button name="decision" value="refuse">${words.tellProgram}</button></form>`
  return shell(words.refused, `${alert(why)}${form}`, words.lang)
}

/** The page of a request that does not fit: nothing is sent anywhere. */
export function invalidPage(why: string, words: Words): SignInPage {
  return shell(words.invalid, alert(why), words.lang)
}

/** Shows the code of a login on another computer. */
export function confirmationPage(code: string, state: string, words: Words): SignInPage {
  const text = Buffer.from(`state=${state}&code=${code}`).toString('base64')
  return shell(
    words.codeTitle,
    `<p>${words.codeWords}</p><p><textarea readonly rows="6" aria-label="${words.codeTitle}">${text}</textarea></p>`,
    words.lang,
  )
}

function about({ clientId, redirectUri, resource, from }: OauthRequest, words: Words): string {
  if (resource !== undefined) {
    const question = `<p>${escaped(words.agentAsks(placeOf(redirectUri)))} ${escaped(words.from(from))}</p>`
    const resourceLine = `<p>${words.agentResource}<br><code>${escaped(resource)}</code></p>`
    return `${question}${resourceLine}<p>${words.agentUnknown}<br><code>${escaped(clientId)}</code></p>`
  }
  const target = redirectUri.endsWith(confirmationPath)
    ? words.showsCode
    : words.goesTo(new URL(redirectUri).origin)
  return `<p>${words.login} ${escaped(words.from(from))}</p><p>${escaped(target)}</p>`
}

function alert(why: string | undefined): string {
  return why === undefined ? '' : `<p class="refused" role="alert">${escaped(why)}</p>`
}

function hidden(name: string, value = ''): string {
  return `<input type="hidden" name="${name}" value="${escaped(value)}">`
}
