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

/** The faults of the operations on tags for an unknown resource, and for a request that does not fit. */
export function unknownResource(arn: string): Fault {
  return fault('NotFoundException', `Resource was not found: ${arn}`, 404)
}

export function badRequest(message: string): Fault {
  return fault('BadRequestException', message, 400)
}
