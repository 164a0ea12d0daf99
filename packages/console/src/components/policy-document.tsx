import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { PolicyKind } from '@omen-iam/policy'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { useDraft } from '../client/drafts.ts'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'
import { Statements } from './statements.tsx'

const PolicyEditor = lazy(() => import('./policy-editor.tsx'))

export interface PolicyDocumentProps {
  /** Names the draft, so that a reload in the middle of an edit loses nothing. */
  readonly id: string
  readonly name: string
  readonly detail?: string
  readonly text: string
  readonly kind: PolicyKind
  readonly onSave?: (text: string) => Promise<void>
  /** Stretches of the shown text that have no effect. */
  readonly shaded?: (text: string) => readonly { readonly from: number; readonly to: number }[]
  /** Draws a note about a changed text that is not saved. */
  readonly changes?: (text: string) => ReactNode
  /** Buttons beside the name. */
  readonly actions?: ReactNode
}

/** A document with its editor and its sentences. */
export function PolicyDocument(props: PolicyDocumentProps) {
  const { id, name, detail, text, kind, onSave, shaded, changes, actions } = props
  const t = useText(policyText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const [draft, setDraft] = useDraft(id)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const shown = draft ?? pretty(text)
  const changed = draft !== undefined && draft !== pretty(text)
  const stretches = useMemo(() => shaded?.(shown) ?? [], [shaded, shown])
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onSave?.(shown)
      setDraft(undefined)
      say('success', t.saved)
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SpaceBetween size="xs">
      <div className="policy-head">
        <span>
          <b>{name}</b> {detail !== undefined && <Box variant="small">{detail}</Box>}
        </span>
        {actions}
      </div>
      <Suspense fallback={<pre className="policy-plain">{shown}</pre>}>
        <PolicyEditor
          value={shown}
          kind={kind}
          label={name}
          shaded={stretches}
          {...(onSave === undefined ? {} : { onChange: setDraft })}
        />
      </Suspense>
      {changed && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" loading={busy} onClick={() => void save()}>
            {shell.save}
          </Button>
          <Button onClick={() => setDraft(undefined)}>{t.discard}</Button>
        </SpaceBetween>
      )}
      {error !== undefined && <Failure error={error} />}
      {changed && <Alert type="info">{t.unsaved}</Alert>}
      {changed && changes?.(shown)}
      <Box variant="strong">{t.inWords}</Box>
      <Statements text={shown} kind={kind} />
    </SpaceBetween>
  )
}

/** The document on several lines; as it is where it is no JSON. */
export function pretty(text: string): string {
  try {
    return text.includes('\n') ? text : JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
