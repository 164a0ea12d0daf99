import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HttpRequest, HttpResponse } from '../base/index.ts'
import { isSignIn } from '../services/doors/index.ts'
import { sendsCredentials } from './sent-credentials.ts'

/** The location of the bundle: inside the published package, or in a checkout where set-up builds it. */
const folders = [
  new URL('../../console/', import.meta.url),
  new URL('../../../console/dist/', import.meta.url),
]

/** One file of the bundle, ready to be sent. */
interface Page {
  readonly body: Uint8Array
  /** Brotli, made when the bundle was built. */
  readonly compressed: Uint8Array | undefined
  readonly type: string
  readonly etag: string
  /** Whether its name changes with its content. */
  readonly immutable: boolean
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  json: 'application/json',
}

/**
 * Scripts come only from this server, and pages have none inline. Styles may be inline: the component library and the
 * editor set them from scripts.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const guarded = {
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Paths of the console: each returns the one page, whose script shows what the path names. */
const page =
  /^\/_omen\/(?:(?:signin|switchrole|roles|users|groups|policies|providers|mfa|profiles|pass|paths|sessions|events|d|try|learn|stream|organization|workloads|trails|settings)(?:\/[^?]*)?)?$/

/** The web console's files. Each is read at its first request: a server without visiting browsers holds none. */
export class ConsolePages {
  readonly #folder: string | undefined
  #names: ReadonlySet<string> | undefined
  readonly #pages = new Map<string, Page>()

  /** @param within the folders that may hold the bundle; the first one that does counts */
  constructor(within: readonly URL[] = folders) {
    this.#folder = within
      .map((url) => fileURLToPath(url))
      .find((path) => existsSync(join(path, 'index.html')))
  }

  /** Whether there is a bundle to serve. */
  get isBuilt(): boolean {
    return this.#folder !== undefined
  }

  /** Answers a request for a page or a file of the console; undefined for any other request. */
  answer(request: HttpRequest): HttpResponse | undefined {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    const { rawPath } = request
    if (rawPath === '/_omen') return redirect('/_omen/')
    if (rawPath.startsWith('/_omen/assets/')) return this.#send(rawPath.slice('/_omen/'.length), request)
    if (sendsCredentials(request)) return undefined
    if (page.test(rawPath)) return this.#send('index.html', request) ?? notBuilt()
    return undefined
  }

  /** Returns the page that says that there is nothing, if a browser opens an address where there is nothing; else the answer. */
  async orPage(request: HttpRequest, answered: Promise<HttpResponse>): Promise<HttpResponse> {
    const answer = await answered
    const { method, headers } = request
    if (answer.status !== 404 || method !== 'GET' || headers['sec-fetch-dest'] !== 'document') return answer
    if (sendsCredentials(request)) return answer
    const { 'if-none-match': _, ...others } = headers
    const page = this.#send('index.html', { ...request, headers: others })
    return page === undefined ? answer : { ...page, status: 404 }
  }

  /**
   * Where a browser that opens a page outside the console is led: to the same page inside, or from the root to the
   * sign-in if there is no console; undefined elsewhere.
   */
  lead(request: HttpRequest): HttpResponse | undefined {
    const { method, rawPath, rawQuery, headers } = request
    const { 'sec-fetch-dest': into, accept = '' } = headers
    // over http browsers name the destination only to this machine; at / no other client wants HTML
    const isOpened =
      into === 'document' || (into === undefined && rawPath === '/' && /\btext\/html\b/.test(accept))
    if (method !== 'GET' || !isOpened || sendsCredentials(request)) return undefined
    if (!/^\/(?:signin|switchrole)?$/.test(rawPath)) return undefined
    if (!this.isBuilt) return rawPath === '/' ? redirect('/signin') : undefined
    return redirect(`/_omen${rawPath}${rawQuery === '' ? '' : `?${rawQuery}`}`)
  }

  #send(name: string, { headers }: HttpRequest): HttpResponse | undefined {
    const file = this.#file(name)
    if (file === undefined) return undefined
    const common = {
      ...guarded,
      'content-type': file.type,
      etag: file.etag,
      vary: 'accept-encoding',
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    if (headers['if-none-match'] === file.etag) return { status: 304, headers: common, body: '' }
    const packed = /\bbr\b/.test(headers['accept-encoding'] ?? '') ? file.compressed : undefined
    return packed === undefined
      ? { status: 200, headers: common, body: file.body }
      : { status: 200, headers: { ...common, 'content-encoding': 'br' }, body: packed }
  }

  /** A file of the bundle: only names from the folder's listing are served. */
  #file(name: string): Page | undefined {
    const known = this.#pages.get(name)
    if (known !== undefined || this.#folder === undefined) return known
    this.#names ??= new Set(['index.html', ...readdirSync(join(this.#folder, 'assets')).map(inAssets)])
    if (!this.#names.has(name) || name.endsWith('.br')) return undefined
    const page = readPage(this.#folder, name)
    this.#pages.set(name, page)
    return page
  }
}

function inAssets(name: string): string {
  return `assets/${name}`
}

function readPage(folder: string, name: string): Page {
  const body = readFileSync(join(folder, name))
  const packed = join(folder, `${name}.br`)
  return {
    body,
    compressed: existsSync(packed) ? readFileSync(packed) : undefined,
    type: types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    immutable: name !== 'index.html',
  }
}

function redirect(location: string): HttpResponse {
  return { status: 302, headers: { ...guarded, location, 'cache-control': 'no-store' }, body: '' }
}

function notBuilt(): HttpResponse {
  return {
    status: 503,
    headers: { ...guarded, 'content-type': 'text/plain; charset=utf-8' },
    body: 'The console is not built. In a checkout, npm start builds it.\n',
  }
}

/** Returns whether a request is for the console, the API behind it, or the sign-in. */
export function isConsoles(request: HttpRequest): boolean {
  return request.rawPath.startsWith('/_omen') || isSignIn(request)
}
