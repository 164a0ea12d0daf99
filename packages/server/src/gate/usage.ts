import type { Call } from '../authorization/index.ts'
import type { Directory } from '../directory/index.ts'

const minute = 60_000

/** Notes that a call used its long-term key, or its role (behaviours IAM-80 and IAM-81). It costs no commit. */
export function noteUse(call: Call): void {
  const id = usedBy(call)
  if (id !== undefined) call.account.usage.note(id, call.service.signingName, call.region, call.now)
}

function usedBy({ caller }: Call): string | undefined {
  switch (caller.kind) {
    case 'user':
    case 'root':
      // mode off accepts keys that were never issued
      return caller.session === undefined && caller.accessKeyId.startsWith('AKIA')
        ? caller.accessKeyId
        : undefined
    case 'role':
      return caller.role.id
    default:
      return undefined
  }
}

/** Stores last uses every minute, if no other commit includes them. Returns the function that ends it. */
export function keepUsageEveryMinute(directory: Directory, failed: (error: unknown) => void): () => void {
  const timer = setInterval(() => directory.keepUsage().catch(failed), minute)
  timer.unref()
  return () => clearInterval(timer)
}
