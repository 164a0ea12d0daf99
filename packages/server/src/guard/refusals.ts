import { type Fault, fault } from '../base/index.ts'
import type { CallProblem } from './catalogue/index.ts'

/** A body that is longer than the guard reads here. */
export function tooLarge(bytes: number): Fault {
  return fault('RequestEntityTooLarge', `The guard reads bodies of at most ${bytes} bytes here.`, 413)
}

const codes: Readonly<Record<CallProblem['problem'], readonly [code: string, status: number]>> = {
  unknownService: ['UnknownOperationException', 404],
  unknownOperation: ['UnknownOperationException', 404],
  missingAction: ['MissingAction', 400],
  ambiguous: ['AmbiguousRequest', 400],
  malformed: ['MalformedRequest', 400],
}

/** A call of an unknown operation is never forwarded, because its permissions are unknown (behaviour GRD-67). */
export function unknownCall({ problem, message }: CallProblem): Fault {
  const [code, status] = codes[problem]
  return fault(code, message, status)
}
