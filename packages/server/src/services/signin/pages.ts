import type { Fields } from './fields.ts'

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem}label{display:block;margin:.8rem 0 .2rem}input{width:100%;box-sizing:border-box;font:inherit;padding:.4rem}button{font:inherit;margin-top:1rem;padding:.4rem 1.2rem}.refused{color:#b00020}section{border:1px solid #8886;border-radius:.5rem;padding:.5rem 1rem;margin:1rem 0}code{overflow-wrap:anywhere;font-size:.8em}textarea{width:100%;font:inherit}'

/**
 * Takes the half of a sign-in out of the address into the storage of this origin, and into the forms (behaviour SGN-48).
 * The console does the same.
 */
const script = `const given=/^#half=([\\w-]*)$/.exec(location.hash)
if(given){localStorage.setItem('omen.half',given[1]);history.replaceState(null,'',location.pathname+location.search)}
const half=localStorage.getItem('omen.half')??''
for(const field of document.getElementsByName('half'))field.value=half
for(const part of document.querySelectorAll('[data-entered]'))part.hidden=half===''`

/** A page, and the one script that it runs. */
export interface SignInPage {
  readonly html: string
  readonly script: string
}

/** Offered to who has signed in: the page knows it by the half that it keeps. */
const entered = `<div data-entered hidden><p>You are signed in.</p><p><a href="/switchrole">Switch role</a></p><form method="post" action="/signin/logout"><input type="hidden" name="half"><button>Sign out</button></form></div>`

/** The form for account, name and password, if there is no console. */
export function signInPage(given: Fields, refused?: string): SignInPage {
  return page('Sign in', refused, '/signin/login', entered, [
    input('account', 'Account number or alias', given.get('account')),
    input('userName', 'User name', given.get('userName')),
    input('password', 'Password', undefined, 'password'),
    input('mfaCode', 'MFA code, if you have a device', undefined, 'text', false),
    input('newPassword', 'New password, if it must change', undefined, 'password', false),
  ])
}

/** The form of a switch-role link: the user must confirm. */
export function switchRolePage(given: Fields, refused?: string): SignInPage {
  return page('Switch role', refused, '/signin/switch', '', [
    '<input type="hidden" name="half">',
    input('account', 'Account number or alias', given.get('account')),
    input('roleName', 'Role name, with its path', given.get('roleName')),
    input('displayName', 'Display name', given.get('displayName'), 'text', false),
    input('color', 'Color', given.get('color'), 'text', false),
  ])
}

function page(
  title: string,
  refused: string | undefined,
  action: string,
  before: string,
  inputs: readonly string[],
): SignInPage {
  const alert = refused === undefined ? '' : `<p class="refused" role="alert">${escaped(refused)}</p>`
  const form = `<form method="post" action="${action}">${inputs.join('')}<button>${title}</button></form>`
  return shell(title, `${alert}${form}`, 'en', '', before)
}

/** A page around its content. @param more what its script does besides @param before what is above the title */
export function shell(title: string, content: string, lang: string, more = '', before = ''): SignInPage {
  const whole = more === '' ? script : `${script}\n${more}`
  const html = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style>${before}<main><h1>${title}</h1>${content}</main><script>${whole}</script></html>`
  return { html, script: whole }
}

/** A labelled field. */
export function input(name: string, label: string, value = '', type = 'text', required = true): string {
  const autocomplete = type === 'password' ? 'current-password' : 'on'
  return `<label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${escaped(value)}" autocomplete="${autocomplete}"${required ? ' required' : ''}>`
}

/** Returns a text for HTML, in an attribute too. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
