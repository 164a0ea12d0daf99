import { type Fault, fault } from '../../base/index.ts'

export function invalid(message: string): Fault {
  return fault('InvalidParameterException', message, 400)
}

export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message, 400)
}

export function notAuthorized(message: string): Fault {
  return fault('NotAuthorizedException', message, 400)
}

export function conflict(message: string): Fault {
  return fault('ResourceConflictException', message, 400)
}

/** A developer's user who is to be linked to an identity, and is another's. */
export function alreadyRegistered(): Fault {
  return fault(
    'DeveloperUserAlreadyRegisteredException',
    'The provided developer user identifier is already registered with Cognito under a different identity ID.',
    400,
  )
}

export function tooMany(message: string): Fault {
  return fault('LimitExceededException', message, 400)
}

/** Whatever keeps the role of a pool from being assumed (behaviour COG-22). */
export function misconfigured(): Fault {
  return fault(
    'InvalidIdentityPoolConfigurationException',
    'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
    400,
  )
}
