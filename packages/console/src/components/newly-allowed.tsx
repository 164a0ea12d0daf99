import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type DifferenceRow, difference, type PolicyKind, parsePolicy } from '@omen-iam/policy'
import { useMemo } from 'react'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'

/** Rows of a difference that are shown; of more it says how many. */
const most = 20

/** The access that one text of a policy allows and another does not, in both directions. */
export function NewlyAllowed(props: {
  readonly before: string
  readonly after: string
  readonly kind: PolicyKind
}) {
  const { before, after, kind } = props
  const t = useText(policyText)
  const [gained, lost] = useMemo(() => {
    const old = parsePolicy(before, kind, { lenient: true })
    const now = parsePolicy(after, kind, { lenient: true })
    if (!old.ok || !now.ok) return [undefined, undefined]
    return [difference(old.policy, now.policy), difference(now.policy, old.policy)]
  }, [before, after, kind])
  if (gained === undefined || lost === undefined) return <Box>{t.notReadable}</Box>
  if (gained.length === 0 && lost.length === 0) return <Box>{t.sameAccess}</Box>
  return (
    <SpaceBetween size="s">
      <Rows title={t.newlyAllowed} none={t.nothingNew} rows={gained} isGain />
      <Rows title={t.noLongerAllowed} none={t.nothingLost} rows={lost} isGain={false} />
    </SpaceBetween>
  )
}

function Rows(props: {
  readonly title: string
  readonly none: string
  readonly rows: readonly DifferenceRow[]
  readonly isGain: boolean
}) {
  const t = useText(policyText)
  const { title, none, rows, isGain } = props
  return (
    <section>
      <Box variant="h3">{title}</Box>
      {rows.length === 0 && <Box color="text-status-inactive">{none}</Box>}
      <ul className="statements">
        {rows.slice(0, most).map((row, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name, and the list is always replaced as a whole
            key={index}
            className={isGain ? 'statement-allow' : 'statement-deny'}
          >
            <span aria-hidden="true">{isGain ? '+ ' : '− '}</span>
            <span dir="auto">
              {t.rowOf(
                `${row.notActions ? t.allBut : ''}${row.actions.join(', ')}`,
                row.resources === undefined
                  ? ''
                  : `${row.notResources ? t.allBut : ''}${row.resources.join(', ')}`,
                (row.principals ?? []).map(({ value }) => value).join(', '),
              )}
            </span>{' '}
            <small>
              {t.rowKind[row.kind]}
              {row.example === undefined && ` · ${t.notCertain}`}
            </small>
            {row.example !== undefined && (
              <small className="as-sent" lang="en">
                {' '}
                {`· ${t.forExample}: ${row.example.action} ${row.example.resource}`}
              </small>
            )}
          </li>
        ))}
      </ul>
      {rows.length > most && <Box variant="small">{t.moreRows(rows.length - most)}</Box>}
    </section>
  )
}
