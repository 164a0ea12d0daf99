import { createHash } from 'node:crypto'
import { signToken } from '../../assertions/index.ts'
import type { Dependencies } from '../../authorization/index.ts'
import { factsOf } from '../../base/index.ts'
import { clusterIssuer, podClusters, podService } from '../../directory/index.ts'
import { firstAccount } from '../center.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'

/** The life of a token of a pod, as the webhook of EKS asks it. */
const tokenSeconds = 86_400

/** The routes for pods where there is no cluster: tokens of service accounts, and their issuer. */
export function podRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/_omen\/pods\/tokens$/,
      async answer(_groups, body) {
        const cluster = nameIn(body, 'cluster', /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/)
        const namespace = nameIn(body, 'namespace', kubernetes)
        const serviceAccount = nameIn(body, 'serviceAccount', kubernetes)
        const pod = body.pod === undefined ? `${serviceAccount}-0` : nameIn(body, 'pod', kubernetes)
        const account = await firstAccount(deps)
        const region = regionIn(body, deps)
        const now = Math.floor(deps.clock.now() / 1000)
        const issuer = clusterIssuer(account, region, cluster)
        const uid = (kind: string, name: string) => uuidOf(`${issuer} ${kind} ${namespace} ${name}`)
        const token = await signToken(
          {
            iss: issuer,
            aud: [podService],
            sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
            iat: now,
            nbf: now,
            exp: now + tokenSeconds,
            'kubernetes.io': {
              namespace,
              pod: { name: pod, uid: uid('pod', pod) },
              serviceaccount: { name: serviceAccount, uid: uid('serviceaccount', serviceAccount) },
            },
          },
          deps,
        )
        return { token, issuer, region, expiresIn: tokenSeconds }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/pods\/clusters$/,
      async answer(_groups, body) {
        const name = nameIn(body, 'cluster', /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/)
        const region = regionIn(body, deps)
        const issuer = body.issuer === undefined ? undefined : textIn(body, 'issuer', 256)
        if (issuer !== undefined && !/^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/.test(issuer))
          throw new Refusal(400, 'issuer must be https:// and a name')
        await deps.directory.settle(async () => {
          const account = await firstAccount(deps)
          const table = account.table(podClusters)
          if (issuer === undefined) table.delete(`${region} ${name}`)
          else table.put({ region, name, issuer })
          await deps.directory.commit([])
        })
        return { cluster: name, issuer: issuer ?? clusterIssuer(await firstAccount(deps), region, name) }
      },
    },
  ]
}

/** Names in Kubernetes. */
const kubernetes = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

function nameIn(body: Readonly<Record<string, unknown>>, name: string, form: RegExp): string {
  const text = textIn(body, name, 253)
  if (form.test(text)) return text
  throw new Refusal(400, `${name} is not a name that AWS or Kubernetes takes`)
}

function regionIn(body: Readonly<Record<string, unknown>>, deps: Dependencies): string {
  if (body.region === undefined) return factsOf(deps.partition).globalRegion
  const region = textIn(body, 'region', 32)
  if (/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region)) return region
  throw new Refusal(400, 'region must be the name of a region')
}

/** The same UUID for the same name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
