import { type Fault, fault } from '../../base/index.ts'

/** A principal or a resource that the account does not have. */
export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message)
}

/** A request that asks for what cannot be. */
export function invalid(message: string): Fault {
  return fault('ValidationException', message)
}
