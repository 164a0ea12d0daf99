import { outcomeName, type Use } from '../request/binding.ts'

/** The name of a use: equal uses have equal names. */
export function useName({ binding, outcome, to, before }: Use): string {
  const resources = [...(binding.resources?.values() ?? [])].map(({ arn }) => arn)
  const keys = binding.context === undefined ? '' : JSON.stringify(binding.context)
  return [
    to,
    outcomeName(outcome),
    binding.policy?.arn,
    binding.group?.arn,
    binding.profile?.arn,
    binding.provider,
    binding.workload?.arn,
    ...resources,
    keys,
    // the same by requests that differ: one may be refused, and another one allowed
    binding.moreKey,
    ...(before ?? []),
  ].join(' ')
}
