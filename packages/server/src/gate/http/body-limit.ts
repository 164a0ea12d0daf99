import type { Dependencies } from '../../authorization/index.ts'
import type { RequestHead } from '../../base/index.ts'
import type { Wire } from '../../wire/index.ts'
import { isProblem, readClaim } from '../../wire/sigv4/index.ts'
import { limits } from './limits.ts'
import { announcedBytes } from './read-body.ts'

const nothing = new Uint8Array(0)

/** Operations whose inputs are longer than others', and how long their bodies may be. */
const largeBodies: Readonly<Record<string, number>> = {
  // a zip of 50 MB in base64
  'lambda:CreateFunction': limits.bodyBytes,
  'lambda:UpdateFunctionCode': limits.bodyBytes,
  // an event of 6 MB
  'lambda:Invoke': 7 * 1024 * 1024,
}

/** The limits of the bodies of requests. */
export class BodyLimits {
  readonly #deps: Dependencies
  readonly #wire: Wire

  constructor(deps: Dependencies, wire: Wire) {
    this.#deps = deps
    this.#wire = wire
  }

  /**
   * Returns the most bytes that a request's body may have, judged by its head: more than a little only if its key is
   * known here, and as much as its operation needs. Only the whole body proves that the caller has the key.
   */
  async of(head: RequestHead): Promise<number> {
    const announced = announcedBytes(head)
    if (announced !== undefined && announced <= limits.smallBody) return limits.smallBody
    if (!(await this.knows(head))) return limits.smallBody
    const identified = this.#wire.identify({ ...head, body: nothing })
    if (!('route' in identified)) return limits.mediumBody
    const { service, operation } = identified.route
    return largeBodies[`${service.id}:${operation.name}`] ?? limits.mediumBody
  }

  /**
   * Returns whether a request names a key of this server that may be used now. In mode off every caller counts as
   * known.
   */
  async knows(head: RequestHead): Promise<boolean> {
    const { mode, credentials, directory, clock } = this.#deps
    if (mode === 'off') return true
    const claim = readClaim({ ...head, body: nothing })
    if (isProblem(claim)) return false
    const id = credentials.accountOf(claim.accessKeyId)
    const account = id && (await directory.find(id))
    if (!account) return false
    return typeof credentials.find(account, claim.accessKeyId, claim.sessionToken, clock.now()) !== 'string'
  }
}
