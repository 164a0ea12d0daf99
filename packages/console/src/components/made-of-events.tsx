import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { leastPolicy, type ResourceScope, type SeenRequest } from '@omen-iam/policy'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { omen, query } from '../client/aws.ts'
import type { EventRow } from '../client/events.ts'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'

/** Returns the questions of events to the policies, each once. */
export function questionsOf(rows: readonly EventRow[]): readonly SeenRequest[] {
  const found = new Map<string, SeenRequest>()
  for (const { asked = [] } of rows)
    for (const one of asked) found.set(JSON.stringify([one.action, one.resource, one.passedTo]), one)
  return [...found.values()]
}

const scopes = ['exact', 'generated', 'wildcard'] as const satisfies readonly ResourceScope[]

/** The choice between the very resources that were seen, those that differ in what AWS generates, and all of their kind. */
export function ScopeChoice(props: {
  readonly scope: ResourceScope
  readonly onChange: (scope: ResourceScope) => void
}) {
  const t = useText(eventsText)
  return (
    <SegmentedControl
      selectedId={props.scope}
      onChange={({ detail }) => props.onChange(scopes.find((each) => each === detail.selectedId) ?? 'exact')}
      label={t.resource}
      options={scopes.map((id) => ({ id, text: t[id] }))}
    />
  )
}

interface MadeProps {
  readonly rows: readonly EventRow[]
  readonly onClose: () => void
}

/** The least policy that allows some events. */
export function PolicyOfEvents({ rows, onClose }: MadeProps) {
  const t = useText(eventsText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [scope, setScope] = useState<ResourceScope>('exact')
  const [name, setName] = useState('')
  const questions = useMemo(() => questionsOf(rows), [rows])
  const { document, unproven } = useMemo(() => leastPolicy(questions, scope), [questions, scope])
  const text = JSON.stringify(document, null, 2)
  return (
    <Dialog
      visible
      title={t.policyTitle}
      submit={t.createPolicy}
      disabled={name === '' || questions.length === 0}
      onClose={onClose}
      onSubmit={async () => {
        await query('iam', 'CreatePolicy', { PolicyName: name, PolicyDocument: text })
        await client.invalidateQueries({ queryKey: ['policies'] })
        say('success', t.policyCreated)
      }}
    >
      {questions.length === 0 ? (
        <Alert type="info">{t.silent}</Alert>
      ) : (
        <SpaceBetween size="m">
          <Box color="text-body-secondary">{t.policyHint}</Box>
          <ScopeChoice scope={scope} onChange={setScope} />
          {unproven.length > 0 && <Alert type="warning">{t.unproven(unproven.length)}</Alert>}
          <pre className="policy-plain policy-whole" lang="en" dir="auto">
            {text}
          </pre>
          <Button
            onClick={() => void navigator.clipboard.writeText(text).then(() => say('success', t.copied))}
          >
            {t.policyCopy}
          </Button>
          <FormField label={t.policyName}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </SpaceBetween>
      )}
    </Dialog>
  )
}

/** Decision cases that events make. */
export function CasesOfEvents({ rows, onClose }: MadeProps) {
  const t = useText(eventsText)
  const decisions = [...new Set(rows.flatMap(({ decision }) => decision ?? []))]
  return (
    <CasesDialog
      decisions={decisions}
      left={rows.length - decisions.length}
      title={t.casesTitle}
      onClose={onClose}
    />
  )
}

/** Decisions as cases of `omen test`, to copy or to save. */
export function CasesDialog(props: {
  readonly decisions: readonly string[]
  /** Calls without a decision. */
  readonly left: number
  readonly title: string
  readonly onClose: () => void
}) {
  const { decisions, left, title, onClose } = props
  const t = useText(eventsText)
  const { say } = useMessages()
  const made = useQuery({
    queryKey: ['cases', ...decisions],
    queryFn: ({ signal }) =>
      omen<{ cases: readonly unknown[]; unknown: number }>(
        'POST',
        '/_omen/api/cases',
        { decisions },
        { signal },
      ),
    enabled: decisions.length > 0,
  })
  const skipped = left + (made.data?.unknown ?? 0)
  const text = JSON.stringify(made.data?.cases ?? [], null, 2)
  return (
    <Dialog
      visible
      title={title}
      submit={t.download}
      disabled={made.data === undefined || made.data.cases.length === 0}
      onClose={onClose}
      onSubmit={async () => save(text)}
    >
      <SpaceBetween size="m">
        <Box color="text-body-secondary">{t.casesHint}</Box>
        {made.isError && <Failure error={made.error} />}
        {skipped > 0 && <Alert type="info">{t.casesSkipped(skipped)}</Alert>}
        <pre className="policy-plain policy-whole" lang="en" dir="auto">
          {text}
        </pre>
        <Button onClick={() => void navigator.clipboard.writeText(text).then(() => say('success', t.copied))}>
          {t.copyCases}
        </Button>
      </SpaceBetween>
    </Dialog>
  )
}

function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'cases.json'
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}
