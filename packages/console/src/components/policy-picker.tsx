import Multiselect from '@cloudscape-design/components/multiselect'
import Select from '@cloudscape-design/components/select'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { listPolicies } from '../client/policies.ts'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'

/** How near a name is to what was typed: the name itself, its beginning, a part of it, or of the ARN. */
function distance({ label, value }: { label: string; value: string }, typed: string): number {
  const name = label.toLowerCase()
  if (name === typed) return 0
  if (name.startsWith(typed)) return 1
  if (name.includes(typed)) return 2
  return value.toLowerCase().includes(typed) ? 3 : 4
}

/** The account's managed policies first, then AWS's, as options; what was typed filters them, the nearest first. */
function useOptions() {
  const t = useText(policyText)
  const [typed, setTyped] = useState('')
  const policies = useQuery({ queryKey: ['policies'], queryFn: ({ signal }) => listPolicies('All', signal) })
  const all = useMemo(
    () =>
      [...(policies.data ?? [])]
        .sort((a, b) => Number(a.isAws) - Number(b.isAws) || (a.name < b.name ? -1 : 1))
        .map(({ arn, name, isAws }) => ({
          value: arn,
          label: name,
          description: isAws ? t.aws : t.customer,
        })),
    [policies.data, t],
  )
  const options = useMemo(() => {
    const text = typed.trim().toLowerCase()
    if (text === '') return all
    const near = all.map((option) => ({ option, at: distance(option, text) })).filter(({ at }) => at < 4)
    return near.sort((a, b) => a.at - b.at).map(({ option }) => option)
  }, [all, typed])
  return {
    all,
    props: {
      statusType: policies.isPending ? ('loading' as const) : ('finished' as const),
      virtualScroll: true,
      filteringType: 'manual' as const,
      onLoadItems: ({ detail }: { detail: { filteringText: string } }) => setTyped(detail.filteringText),
    },
    options,
  }
}

/** Chooses some managed policies. */
export function PoliciesPicker(props: {
  readonly chosen: readonly string[]
  readonly onChange: (arns: readonly string[]) => void
  readonly find: string
}) {
  const { all, options, props: common } = useOptions()
  return (
    <Multiselect
      {...common}
      options={options}
      placeholder={props.find}
      filteringPlaceholder={props.find}
      filteringAriaLabel={props.find}
      selectedOptions={props.chosen.map(
        (arn) => all.find(({ value }) => value === arn) ?? { value: arn, label: arn },
      )}
      onChange={({ detail }) => props.onChange(detail.selectedOptions.map(({ value = '' }) => value))}
    />
  )
}

/** Chooses one managed policy, or none. */
export function PolicyPicker(props: {
  readonly chosen: string
  readonly onChange: (arn: string) => void
  readonly find: string
  /** The option for none. */
  readonly none: string
}) {
  const { all, options, props: common } = useOptions()
  const none = { value: '', label: props.none }
  return (
    <Select
      {...common}
      options={[none, ...options]}
      filteringPlaceholder={props.find}
      filteringAriaLabel={props.find}
      selectedOption={[none, ...all].find(({ value }) => value === props.chosen) ?? { value: props.chosen }}
      onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
    />
  )
}
