import { type Fault, fault } from '../../base/index.ts'

/** Lambda's own messages; behaviour LAM-60 has their sources unless a line names another. */

export function invalid(message: string): Fault {
  return fault('InvalidParameterValueException', message, 400)
}

export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message, 404)
}

export function conflict(message: string): Fault {
  return fault('ResourceConflictException', message, 409)
}

/** A constraint that the model lacks, in the words of constraints. */
export function constraint(member: string, value: string | number, must: string): Fault {
  return fault(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have ${must}`,
    400,
  )
}

/** @param read the operations that return the newest revision */
export function staleRevision(read = 'GetFunction/GetAlias'): Fault {
  return fault(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${read} API to retrieve the latest Revision Id`,
    412,
  )
}
