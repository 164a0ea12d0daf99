import { type Call, callNow } from '../authorization/index.ts'
import { signatureFault } from '../wire/index.ts'

/**
 * Returns the call with its current caller: a request may have waited long since it was admitted (behaviour SES-8).
 * Mode off skips the check. @throws Fault if the key or token is no longer valid
 */
export function currentCall(call: Call): Call {
  if (call.mode === 'off') return call
  const current = callNow(call)
  if (typeof current === 'string') throw signatureFault({ ...call, labels: {} }, { kind: current })
  return current
}
