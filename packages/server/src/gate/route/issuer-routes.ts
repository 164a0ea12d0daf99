import { redirectIssuer } from '../../assertions/index.ts'
import type { Dependencies } from '../../authorization/index.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'

/** Lets a local issuer replace a public one, under its name; without a `base` the replacement ends. */
export function issuerRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/_omen\/issuers$/,
      async answer(_groups, body) {
        const issuer = textIn(body, 'issuer')
        if (!URL.canParse(issuer)) throw new Refusal(400, `${issuer} is no URL`)
        const base = body.base === undefined ? undefined : textIn(body, 'base')
        if (base !== undefined && !URL.canParse(base)) throw new Refusal(400, `${base} is no URL`)
        await redirectIssuer(deps, issuer, base)
        return base === undefined ? { issuer } : { issuer, base }
      },
    },
  ]
}
