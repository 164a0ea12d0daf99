import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { leastPolicy } from '@omen-iam/policy'
import { lazy, Suspense, useState } from 'react'
import type { RoleDraft } from '../client/role-draft.ts'
import { seenQuestions } from '../client/seen.ts'
import { useText } from '../text/language.ts'
import { newRoleText } from '../text/new-role.ts'
import { Failure } from './failure.tsx'
import { blankPolicy } from './held-policies.tsx'
import { PoliciesPicker } from './policy-picker.tsx'
import { Statements } from './statements.tsx'

const PolicyEditor = lazy(() => import('./policy-editor.tsx'))
const hour = 3_600_000

/** The second step: what the role may do. */
export function RoleWhat(props: {
  readonly draft: RoleDraft
  readonly onChange: (change: Partial<RoleDraft>) => void
  readonly onRemoveInline: () => void
}) {
  const { draft, onChange } = props
  const t = useText(newRoleText)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [empty, setEmpty] = useState(false)
  const fromEvents = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const seen = await seenQuestions({ within: hour })
      setEmpty(seen.length === 0)
      if (seen.length > 0) onChange({ inline: JSON.stringify(leastPolicy(seen, 'exact').document, null, 2) })
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.managed}</Header>}>
        <FormField label={t.managed}>
          <PoliciesPicker
            chosen={draft.managed}
            onChange={(managed) => onChange({ managed })}
            find={t.findPolicies}
          />
        </FormField>
      </Container>
      <Container
        header={
          <Header
            variant="h2"
            description={t.inlineHint}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button loading={busy} onClick={() => void fromEvents()}>
                  {t.fromEvents}
                </Button>
                {draft.inline === undefined ? (
                  <Button onClick={() => onChange({ inline: blankPolicy })}>{t.addInline}</Button>
                ) : (
                  <Button onClick={props.onRemoveInline}>{t.removeInline}</Button>
                )}
              </SpaceBetween>
            }
          >
            {t.inline}
          </Header>
        }
      >
        <SpaceBetween size="s">
          <Box variant="small">{empty ? t.nothingSeen : t.fromEventsHint}</Box>
          {error !== undefined && <Failure error={error} />}
          {draft.inline !== undefined && (
            <>
              <Suspense fallback={<pre className="policy-plain">{draft.inline}</pre>}>
                <PolicyEditor
                  value={draft.inline}
                  kind="identity"
                  label={t.inline}
                  onChange={(inline) => onChange({ inline })}
                />
              </Suspense>
              <Statements text={draft.inline} kind="identity" />
            </>
          )}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  )
}
