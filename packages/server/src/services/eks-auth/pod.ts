import type { TokenClaims } from '../../authorization/index.ts'

/** Whose a token is. */
export interface Pod {
  readonly namespace: string
  readonly serviceAccount: string
  readonly pod: { readonly name: string; readonly uid: string }
}

/** Returns the pod of a token of Kubernetes; undefined if it is bound to none. */
export function podIn(claims: TokenClaims): Pod | undefined {
  const bound = claims['kubernetes.io']
  const namespace = textIn(bound, 'namespace')
  const serviceAccount = textIn(memberIn(bound, 'serviceaccount'), 'name')
  const pod = memberIn(bound, 'pod')
  const [name, uid] = [textIn(pod, 'name'), textIn(pod, 'uid')]
  if (namespace === undefined || serviceAccount === undefined || name === undefined || uid === undefined)
    return undefined
  return { namespace, serviceAccount, pod: { name, uid } }
}

function memberIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

/** A text that can be the value of a tag. */
function textIn(value: unknown, name: string): string | undefined {
  const text = memberIn(value, name)
  return typeof text === 'string' && /^[\w.:/=+@-]{1,253}$/.test(text) ? text : undefined
}
