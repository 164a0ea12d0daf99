import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { type DryRun, dryRun, keysOfTexts, type RoleTexts } from '../client/dry-run.ts'
import type { Role } from '../client/iam.ts'
import { type SeenQuestion, seenQuestions } from '../client/seen.ts'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'
import { Failure } from './failure.tsx'

const day = 86_400_000
/** Calls that are named; of more it says how many. */
const named = 10

/** Runs policies that are not saved against the calls of the last 24 hours. */
export function DryRunButton(props: {
  readonly role: Role
  readonly before: RoleTexts
  readonly after: RoleTexts
}) {
  const { role, before, after } = props
  const t = useText(roleText)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [result, setResult] = useState<{ readonly of: string; readonly run: DryRun }>()
  const of = JSON.stringify(after)
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const keys = keysOfTexts(before, after)
      const seen = await seenQuestions({ principal: role.arn, within: day, denied: true, keys })
      setResult({ of, run: dryRun(role, seen, before, after) })
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SpaceBetween size="xs">
      <Button loading={busy} onClick={() => void run()}>
        {t.dryRun}
      </Button>
      {error !== undefined && <Failure error={error} />}
      {result?.of === of && <Result run={result.run} />}
    </SpaceBetween>
  )
}

function Result({ run }: { readonly run: DryRun }) {
  const t = useText(roleText)
  const count = (questions: readonly SeenQuestion[]) => questions.reduce((sum, each) => sum + each.count, 0)
  const denied = count(run.nowDenied)
  return (
    <Alert type={denied > 0 ? 'warning' : 'success'}>
      <SpaceBetween size="xs">
        <span role="status">{t.dryRunResult(run.calls, denied, count(run.nowAllowed))}</span>
        <Questions title={t.wouldDeny} questions={run.nowDenied} />
        <Questions title={t.wouldAllow} questions={run.nowAllowed} />
        <Questions title={t.organizationRefuses} questions={run.refused} />
        <Questions title={t.unsure} questions={run.unsure} />
        <Box variant="small">{t.dryRunHint}</Box>
      </SpaceBetween>
    </Alert>
  )
}

function Questions(props: { readonly title: string; readonly questions: readonly SeenQuestion[] }) {
  if (props.questions.length === 0) return null
  return (
    <div>
      <b>{props.title}</b>
      <ul className="plain-list" lang="en">
        {props.questions.slice(0, named).map(({ action, resource, count, context }) => (
          <li key={JSON.stringify([action, resource, context])}>
            <code>{action}</code> {resource} × {count}
            {Object.keys(context ?? {}).length > 0 && (
              <Box variant="small" color="text-body-secondary">
                {Object.entries(context ?? {})
                  .map(([key, value]) => `${key} = ${[value].flat().join(', ')}`)
                  .join(' · ')}
              </Box>
            )}
          </li>
        ))}
        {props.questions.length > named && <li>… {props.questions.length - named}</li>}
      </ul>
    </div>
  )
}
