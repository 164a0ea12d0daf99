import { type Call, callNow } from '../authorization/index.ts'
import { signatureFault } from '../wire/index.ts'

/**
 * The call with its caller as it is now: a request may have waited long since it was admitted (behaviour SES-8).
 * Mode off does not look.
 * @throws Fault if the key or token counts no more
 */
export function currentCall(call: Call): Call {
  if (call.mode === 'off') return call
  const current = callNow(call)
  if (typeof current === 'string') throw signatureFault({ ...call, labels: {} }, { kind: current })
  return current
}
