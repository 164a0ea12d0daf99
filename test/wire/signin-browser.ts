import { account } from './sts-house.ts'

/** A browser: it keeps the cookie and its half, and follows nothing by itself. */
export function signInBrowser(endpoint: string) {
  let cookie = ''
  let half = ''
  const call = async (path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(endpoint + path, {
      redirect: 'manual',
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        'content-type': 'application/json',
        ...(cookie && { cookie, 'x-omen-half': half }),
        ...headers,
      },
    })
    const set = response.headers.get('set-cookie')
    if (set !== null) cookie = set.split(';')[0]!
    const text = await response.text()
    const json = text.startsWith('{') ? JSON.parse(text, dates) : {}
    half = json.half ?? half
    return { status: response.status, headers: response.headers, set, text, json, half }
  }
  return {
    call,
    signIn: (userName: string, password: string, more: object = {}) =>
      call('/signin/login', { account, userName, password, ...more }),
  }
}

/** What a browser keeps of a sign-in that leads it on: the cookie, and the half of the address. */
export function kept({ headers }: Response): Record<string, string> {
  const [, half = ''] = (headers.get('location') ?? '').split('#half=')
  return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', 'x-omen-half': half }
}

/** The SDK wants the credentials' end as a Date. */
export function dates(key: string, value: unknown): unknown {
  return key === 'expiration' && typeof value === 'string' ? new Date(value) : value
}
