import type { ContextValue } from '@omen-iam/policy'
import { globalKeys } from '../../authorization/catalogue/index.ts'
import type { Judged } from '../../authorization/index.ts'

type Keys = Readonly<Record<string, ContextValue>>

/** Keys of the caller and of the call, common to all questions. */
export function requestContext(judged: Judged): Keys {
  return keysOf(judged, (key) => isShared(key, judged))
}

/** Keys of one question: those of its resource, and those from the operation. */
export function evaluationContext(judged: Judged): Keys {
  return keysOf(judged, (key) => !isShared(key, judged))
}

function isShared(key: string, { access }: Judged): boolean {
  if (!key.startsWith('aws:') || key.startsWith('aws:resource')) return false
  return !Object.keys(access.context ?? {}).some((own) => own.toLowerCase() === key)
}

function keysOf(judged: Judged, wanted: (key: string) => boolean): Keys {
  const names = spelling(judged)
  const entries = [...judged.request.context.entries()].filter(([key]) => wanted(key))
  return Object.fromEntries(entries.map(([key, value]) => [names(key), value]))
}

const globals = new Map(globalKeys.map((key) => [key.toLowerCase(), key]))

/** The engine has keys in lower case; users know them in AWS's spelling. */
function spelling({ access }: Judged): (key: string) => string {
  const writtenKeys = new Map(Object.keys(access.context ?? {}).map((key) => [key.toLowerCase(), key]))
  return (key) => {
    const slash = key.indexOf('/')
    const tagged = slash < 0 ? undefined : globals.get(`${key.slice(0, slash)}/\${tagkey}`)
    const writtenKey = writtenKeys.get(key) ?? globals.get(key)
    return writtenKey ?? (tagged === undefined ? key : tagged.slice(0, slash) + key.slice(slash))
  }
}
