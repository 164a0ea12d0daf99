import type { HttpRequest } from '../../base/index.ts'

/** The end of the names of outbound issuers. */
export const issuerDomain = '.tokens.sts.global.api.aws'
const byPath = /^\/oidc\/([0-9a-f-]{36})(\/\.well-known\/[a-z.-]+)$/
const byHost = new RegExp(`^([0-9a-f-]{36})${issuerDomain.replaceAll('.', '\\.')}$`)

/** A request for a document of an outbound issuer: its id, the document's path, and what is in front of it. */
export interface AskedIssuer {
  readonly id: string
  readonly path: string
  readonly base: string
}

/**
 * Returns which document of an outbound issuer a request asks for, under `/oidc/ID` or under the issuer's own name;
 * undefined if it asks for none.
 */
export function askedIssuer({ rawPath, headers }: HttpRequest): AskedIssuer | undefined {
  const [, inPath, behind = ''] = byPath.exec(rawPath) ?? []
  if (inPath !== undefined) return { id: inPath, path: behind, base: `/oidc/${inPath}` }
  const id = byHost.exec((headers.host ?? '').replace(/:\d+$/, ''))?.[1]
  return id === undefined ? undefined : { id, path: rawPath, base: '' }
}
