import { type Fault, fault } from '../../base/index.ts'

export function invalid(message: string): Fault {
  return fault('InvalidParameterException', message, 400)
}

export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message, 404)
}

export function inUse(message: string): Fault {
  return fault('ResourceInUseException', message, 409)
}

export function tooMany(message: string): Fault {
  return fault('ResourceLimitExceededException', message, 400)
}
