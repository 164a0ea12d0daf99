import {
  type Policy,
  type PolicyKind,
  type PolicySource,
  parsePolicy,
  type SourceType,
} from '@omen-iam/policy'
import { invalidInput } from '../faults.ts'

/** The most documents of a list: enough for every policy that a user with ten groups can have. */
const documentsMost = 250

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
    return { policy: inputPolicy(name, document, kind), source: { type, name } }
  })
}

/** @throws Fault InvalidInput if the document is not a policy of this kind (behaviour SIM-5) */
export function inputPolicy(name: string, document: string, kind: PolicyKind): Policy {
  const parsed = parsePolicy(document, kind, { accountVariables: true })
  if (!parsed.ok) throw invalidInput(`Invalid Input ${name}: ${parsed.message}`)
  return parsed.policy
}
