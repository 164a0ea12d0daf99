import {
  type ActingOperation,
  accessRequests,
  authorize,
  type Call,
  type Dependencies,
  type Operation,
  refuses,
} from '../../authorization/index.ts'
import { Fault } from '../../base/index.ts'
import { currentCall } from '../../pipeline/index.ts'

/** Any operation, its types forgotten: the wire has made the input by the very model that types it. */
export type AnyOperation =
  | Operation<Readonly<Record<string, unknown>>, unknown>
  | ActingOperation<Readonly<Record<string, unknown>>, unknown>

/**
 * Runs an operation, lets `look` see what it has changed, and undoes that. Undefined if it changes nothing or fails, or if
 * it acts outside of the directory.
 */
export async function tryOut<Seen>(
  { directory }: Dependencies,
  operation: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  given: Call,
  look: () => Seen,
): Promise<Seen | undefined> {
  if (operation.act !== undefined) return undefined
  try {
    let call: Call = { ...given, marks: {} }
    if (operation.identify !== undefined) call = { ...call, caller: await operation.identify(input, call) }
    await operation.beforehand?.(input, call)
    const prepared = operation.prepare && (await operation.prepare(input, call))
    call = currentCall(call)
    const isDenied = refuses(call.mode) && !authorize(accessRequests(operation, input, call), call).allowed
    if (isDenied) return undefined
    operation.run(input, call, prepared)
    return directory.hasChanges ? look() : undefined
  } catch (error) {
    // it fails in the same way when it is run for good
    if (error instanceof Fault) return undefined
    throw error
  } finally {
    directory.rollBack()
  }
}
