import type { IncomingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { guardLimits } from './limits.ts'
import { callerGone } from './outcome.ts'
import type { Payload } from './payload.ts'

/**
 * Lets a body pass from the caller to the upstream, never more of it in memory than one of them is slower than
 * the other.
 * @throws Fault where the body is not what was signed, or the caller breaks off; what was sent is then not whole
 */
export function pump(incoming: IncomingMessage, payload: Payload, out: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const { socket } = incoming
    const stop = (error?: unknown) => {
      incoming.off('data', take).off('end', finish).off('close', gone)
      socket.off('timeout', gone).setTimeout(0)
      out.off('drain', resume).off('close', abandoned)
      if (error === undefined) resolve()
      else reject(error)
    }
    const take = (piece: Buffer) => {
      try {
        if (!write(payload.push(piece), out)) incoming.pause()
      } catch (error) {
        stop(error)
      }
    }
    const finish = () => {
      try {
        write(payload.end(), out)
        out.end()
        stop()
      } catch (error) {
        stop(error)
      }
    }
    const gone = () => stop(callerGone)
    const resume = () => incoming.resume()
    // the upstream wants no more of it: its answer, or its end, is told elsewhere
    const abandoned = () => stop()
    incoming.on('data', take).on('end', finish).on('close', gone)
    socket.on('timeout', gone).setTimeout(guardLimits.callerSilence)
    out.on('drain', resume).on('close', abandoned)
  })
}

/** Whether there is room for more. */
function write(pieces: readonly Uint8Array[], out: Writable): boolean {
  if (pieces.length === 1) return out.write(pieces[0])
  out.cork()
  let room = true
  for (const piece of pieces) room = out.write(piece)
  out.uncork()
  return room
}
