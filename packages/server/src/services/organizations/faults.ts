import { organizationsRefusal } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import type { Organizations } from '../../model/index.ts'

/** AWS's sentence for each kind of refusal (behaviours ORG-60 and ORG-61). */
const texts = {
  AWSOrganizationsNotInUseException: 'Your account is not a member of an organization.',
  AccessDeniedException: organizationsRefusal,
  AccountAlreadyClosedException: 'You attempted to close an account that is already closed.',
  AccountAlreadyRegisteredException:
    'The provided account is already a delegated administrator for your organization.',
  AccountNotFoundException: "You specified an account that doesn't exist.",
  AccountNotRegisteredException:
    'The provided account is not a registered delegated administrator for your organization.',
  AlreadyInOrganizationException: 'The AWS account is already a member of an organization.',
  ChildNotFoundException: "You specified a child that doesn't exist.",
  CreateAccountStatusNotFoundException: "You specified an account creation request that doesn't exist.",
  DestinationParentNotFoundException: "You specified a destination parent that doesn't exist.",
  DuplicateAccountException: 'The account already exists in the destination container.',
  DuplicateHandshakeException:
    'A handshake with the specified type and parameters already exists for the given parties.',
  DuplicateOrganizationalUnitException: 'An OU with the same name already exists.',
  DuplicatePolicyAttachmentException: 'The selected policy is already attached to the specified target.',
  DuplicatePolicyException: 'A policy with the specified name and type already exists.',
  EffectivePolicyNotFoundException:
    'The specified policy type is not enabled. Enable that policy type on your organization root and then retry.',
  HandshakeAlreadyInStateException: 'The handshake is already in the requested state.',
  HandshakeNotFoundException: "You specified a handshake that doesn't exist.",
  InvalidHandshakeTransitionException:
    'You cannot perform this operation on a handshake in its current state, such as attempting to cancel a handshake that was previously accepted or attempting to accept a handshake that was declined.',
  InvalidResponsibilityTransferTransitionException:
    "The responsibility transfer can't transition to the requested state because it's not in a valid state for this operation.",
  MalformedPolicyDocumentException:
    'The provided policy document does not meet the requirements of the specified policy type.',
  MasterCannotLeaveOrganizationException: "You can't remove a management account from an organization.",
  OrganizationNotEmptyException:
    'To delete an organization you must first remove all member accounts (except the master).',
  OrganizationalUnitNotEmptyException:
    'The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.',
  OrganizationalUnitNotFoundException: "You specified an organizational unit that doesn't exist.",
  ParentNotFoundException: "You specified parent that doesn't exist.",
  PolicyInUseException: 'The specified policy is in use and cannot be deleted.',
  PolicyNotAttachedException: "The policy isn't attached to the specified target.",
  PolicyNotFoundException: "You specified a policy that doesn't exist.",
  PolicyTypeAlreadyEnabledException: 'The specified policy type is already enabled.',
  PolicyTypeNotAvailableForOrganizationException:
    'The specified policy type is not available for this organization.',
  PolicyTypeNotEnabledException: 'This operation can be performed only for enabled policy types.',
  ResourcePolicyNotFoundException: 'No resource-based policy found.',
  ResponsibilityTransferAlreadyInStatusException:
    'The responsibility transfer is already in the status that you specified.',
  ResponsibilityTransferNotFoundException: "You specified a transfer that doesn't exist.",
  RootNotFoundException: "You specified a root that doesn't exist.",
  SourceParentNotFoundException: "You specified a source parent that doesn't exist.",
  TargetNotFoundException: "You specified a target that doesn't exist.",
} as const

/** Returns the fault of this name, in AWS's words or, if these say too little, in others. */
export function refuse(code: keyof typeof texts, text: string = texts[code]): Fault {
  return fault(code, text, 400)
}

/** Returns ConstraintViolationException with its reason. */
export function violates(reason: Organizations.ConstraintViolationExceptionReason, text: string): Fault {
  return fault('ConstraintViolationException', text, 400, { Reason: reason })
}

/** Returns InvalidInputException with its reason. */
export function invalid(reason: Organizations.InvalidInputExceptionReason, text: string): Fault {
  return fault('InvalidInputException', text, 400, { Reason: reason })
}

/** Returns HandshakeConstraintViolationException with its reason. */
export function handshakeViolates(
  reason: Organizations.HandshakeConstraintViolationExceptionReason,
  text: string,
): Fault {
  return fault('HandshakeConstraintViolationException', text, 400, { Reason: reason })
}

/** The fault for a root or unit where only accounts do, and the like. */
export function notSupported(): Fault {
  return invalid('TARGET_NOT_SUPPORTED', 'You specified a target that is not currently supported.')
}

/** The fault for operations that need all features. */
export function needsAllFeatures(): Fault {
  return violates(
    'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
    'You attempted to perform an operation that requires the organization to be configured to support all features.',
  )
}
