import {
  type Policy,
  type PolicyKind,
  type PolicySource,
  parsePolicy,
  type SourceType,
} from '@omen-iam/policy'
import type { Fault } from '../../../base/index.ts'
import { invalidInput } from '../faults.ts'

/** The most documents of a list: enough for every policy that a user with ten groups can have. */
const documentsMost = 250

/** The member with the caller's policies, of which AWS has words of its own. */
export const inputList = 'PolicyInputList'

/**
 * Policies in a request, named by their index as AWS names them: `PolicyInputList.1`. They are used once and not
 * cached.
 */
export function inputSources(
  member: string,
  documents: readonly string[],
  kind: PolicyKind,
  type: SourceType = 'none',
): readonly PolicySource[] {
  if (documents.length > documentsMost)
    throw invalidInput(`More than ${documentsMost} policies in ${member}.`)
  return documents.map((document, index) => {
    const name = `${member}.${index + 1}`
    const invalid = (message: string) =>
      invalidInput(
        member === inputList
          ? `Policy input list item ${index + 1} has invalid content`
          : `Invalid Input ${name}: ${message}`,
      )
    return { policy: inputPolicy(document, kind, invalid), source: { type, name } }
  })
}

/**
 * Values that cannot be read are accepted, as in session policies (behaviour SIM-58). @throws Fault as `invalid` makes it, if the
 * document is not a policy of this kind (behaviour SIM-5)
 */
export function inputPolicy(document: string, kind: PolicyKind, invalid: (message: string) => Fault): Policy {
  const read = kind === 'identity' || kind === 'boundary' ? 'session' : kind
  const parsed = parsePolicy(document, read, { accountVariables: true })
  if (!parsed.ok) throw invalid(parsed.message)
  return parsed.policy
}
