import { type Fault, fault } from '../../base/index.ts'

export function invalid(message: string): Fault {
  return fault('ValidationException', message, 400)
}

export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message, 404)
}

export function denied(message: string): Fault {
  return fault('AccessDeniedException', message, 403)
}
