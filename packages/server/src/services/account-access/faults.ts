import { type Fault, fault } from '../../base/index.ts'

export function invalid(message: string): Fault {
  return fault('ValidationException', message, 400)
}

export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message, 404)
}

/** The refusal of what policies would allow (behaviour SSO-172). */
export function denied(): Fault {
  return fault('AccessDeniedException', 'You do not have sufficient access to perform this operation.', 403)
}

export function tooMany(message: string): Fault {
  return fault('ServiceQuotaExceededException', message, 402)
}
