import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { difference, parsePolicy } from '@omen-iam/policy'
import { useQuery } from '@tanstack/react-query'
import { guardrailIn, titleIn } from 'omen-iam/views'
import { useState } from 'react'
import { type Edit, type EditedPolicy, getEdited, type Way } from '../client/decisions.ts'
import { useLanguage, useText } from '../text/language.ts'
import { whyText } from '../text/why.ts'
import { Failure } from './failure.tsx'
import { PageLink } from './page-link.tsx'
import { pretty } from './policy-document.tsx'
import { Sign } from './sign.tsx'

/** Ways that are shown at once; the rest is one click away. */
const shown = 4

/** The ways to allow a denied question, the least change first. */
export function Ways({ ways, decision }: { readonly ways: readonly Way[]; readonly decision: string }) {
  const t = useText(whyText)
  if (ways.length === 0) return <p>{t.noWays}</p>
  let edits = 0
  const rows = ways.map((way, index) => ({
    way,
    id: `${way.kind} ${index}`,
    number: way.kind === 'widen' || way.kind === 'guardrail' ? edits++ : 0,
  }))
  const row = ({ way, id, number }: (typeof rows)[number]) => (
    <li key={id}>
      <OneWay way={way} number={number} decision={decision} />
    </li>
  )
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">{t.waysHint}</Box>
      <ol className="ways">{rows.slice(0, shown).map(row)}</ol>
      {rows.length > shown && (
        <ExpandableSection headerText={t.more}>
          <ol className="ways" start={shown + 1}>
            {rows.slice(shown).map(row)}
          </ol>
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}

interface OneWayProps {
  readonly way: Way
  readonly number: number
  readonly decision: string
}

function OneWay({ way, number, decision }: OneWayProps) {
  const t = useText(whyText)
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  switch (way.kind) {
    case 'call':
      return (
        <>
          <b>{t.changeCall}</b>
          {way.changes.map(({ key, value }) => (
            <div key={key} dir="auto">
              {value === null ? t.dropKey(key) : t.sendKey(key, [value].flat().join(', '))}
            </div>
          ))}
        </>
      )
    case 'role': {
      const [account = '', name = ''] = [way.role.split(':')[4], way.role.split('role/')[1]]
      return (
        <>
          <b>{t.wear}</b>
          <div>
            <PageLink to={`/switchrole?account=${account}&roleName=${encodeURIComponent(name)}`}>
              {t.switchTo(name)}
            </PageLink>
          </div>
        </>
      )
    }
    default:
      return (
        <SpaceBetween size="xs">
          <b>
            {way.kind === 'widen'
              ? t.widen
              : t.guardrail(way.guardrails.map((name) => guardrailIn(language, name)).join(t.separator))}
          </b>
          {way.edits.map((edit) => (
            <div key={JSON.stringify(edit)} dir="auto">
              {wordsOf({ ...edit, title: titleIn(language, edit.title) }, t)}
            </div>
          ))}
          {way.opens !== undefined && (
            <Alert type="warning">
              {way.opens === 'administrator' ? t.opensAdministrator : t.opensUnknown}
            </Alert>
          )}
          <Button onClick={() => setOpen(!open)} ariaExpanded={open}>
            {open ? t.hidePreview : t.preview}
          </Button>
          {open && <Preview decision={decision} number={number} />}
        </SpaceBetween>
      )
  }
}

/** The policies after the edits, and the further access that they would allow: computed in the page by the engine. */
function Preview({ decision, number }: { readonly decision: string; readonly number: number }) {
  const { data, error } = useQuery({
    queryKey: ['edited', decision, number],
    queryFn: ({ signal }) => getEdited(decision, number, signal),
  })
  if (error !== null) return <Failure error={error} />
  return (
    <SpaceBetween size="m">
      {data?.map((policy) => (
        <PolicyPreview key={`${policy.layer} ${policy.title}`} policy={policy} />
      ))}
    </SpaceBetween>
  )
}

const limiting = new Set(['boundary', 'session', 'scp', 'rcp'])

function PolicyPreview({ policy }: { readonly policy: EditedPolicy }) {
  const t = useText(whyText)
  const language = useLanguage()
  const { title, before, after, layer } = policy
  return (
    <div className="preview">
      <b dir="auto">{before === null ? t.newPolicy : titleIn(language, title)}</b>
      {after === null ? <p>{t.removedPolicy}</p> : <LineDiff before={before} after={after} />}
      <h3>{t.alsoAllows}</h3>
      {limiting.has(layer) && <Alert type="info">{t.onlyLimits}</Alert>}
      <AlsoAllowed policy={policy} />
    </div>
  )
}

/** Documents of more lines are shown without a comparison. */
const linesMost = 1_000

/** The document as it would be, its new lines marked. */
function LineDiff({ before, after }: { readonly before: string | null; readonly after: string }) {
  const was = before === null ? [] : formatted(before).split('\n')
  const is = formatted(after).split('\n')
  const kept = was.length + is.length > linesMost ? new Set(is.keys()) : keptLines(was, is)
  return (
    <pre className="policy-plain policy-whole" lang="en" dir="auto">
      {is.map((text, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and their order is theirs
        <span key={number} className={kept.has(number) ? 'line' : 'line line-new'}>
          {kept.has(number) ? '  ' : '+ '}
          {text}
        </span>
      ))}
    </pre>
  )
}

/** The numbers of the lines that both have: those at the end, and the longest common subsequence before them. */
function keptLines(was: readonly string[], is: readonly string[]): ReadonlySet<number> {
  const [old, fresh] = [was.map(bareLine), is.map(bareLine)]
  const kept = new Set<number>()
  while (old.length > 0 && fresh.length > 0 && old.at(-1) === fresh.at(-1)) {
    old.pop()
    fresh.pop()
    kept.add(fresh.length)
  }
  const width = fresh.length + 1
  const lengths = new Uint16Array((old.length + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  for (let i = 0, j = 0; i < old.length && j < fresh.length; ) {
    if (old[i] === fresh[j]) {
      kept.add(j)
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return kept
}

/** Commas come and go with the lines around. */
function bareLine(line: string): string {
  return line.trim().replace(/,$/, '')
}

/** Both in one form, lists over lines of their own, so that only what changes differs. */
function formatted(text: string): string {
  try {
    return JSON.stringify(listed(JSON.parse(text)), null, 2)
  } catch {
    return pretty(text)
  }
}

const lists = new Set(['Action', 'NotAction', 'Resource', 'NotResource', 'Statement'])

function listed(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(listed)
  if (typeof document !== 'object' || document === null) return document
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [
      key,
      lists.has(key) ? [value].flat().map(listed) : listed(value),
    ]),
  )
}

const nothing = '{"Version":"2012-10-17","Statement":[]}'

function AlsoAllowed({ policy: { before, after, kind } }: { readonly policy: EditedPolicy }) {
  const t = useText(whyText)
  const [was, is] = [before ?? nothing, after ?? nothing].map((text) =>
    parsePolicy(text, kind, { lenient: true }),
  )
  const rows = is?.ok ? difference(was?.ok ? was.policy : emptied(is.policy), is.policy).slice(0, 20) : []
  if (rows.length === 0) return <p>{t.nothingElse}</p>
  return (
    <ul className="also">
      {rows.map((row) => (
        <li key={JSON.stringify([row.actions, row.resources, row.kind])} lang="en" dir="auto">
          <code>{row.notActions ? `NotAction ${row.actions.join(', ')}` : row.actions.join(', ')}</code>{' '}
          {row.resources !== undefined && (
            <>
              <Sign name="right" />{' '}
              <code>
                {row.notResources ? `NotResource ${row.resources.join(', ')}` : row.resources.join(', ')}
              </code>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function emptied<P extends { readonly statements: readonly unknown[] }>(policy: P): P {
  return { ...policy, statements: [] }
}

function wordsOf(edit: Edit, t: ReturnType<typeof useText<typeof whyText.en>>): string {
  const statement = edit.sid ?? (edit.index === undefined ? '' : t.statementNumber(edit.index + 1))
  const where = t.place(edit.title, statement, edit.element ?? '')
  switch (edit.type) {
    case 'addAction':
      return t.add(edit.action ?? '', where)
    case 'addResource':
      return t.add(edit.resource ?? '', where)
    case 'addPrincipal':
      return t.add(`${edit.principal?.type} ${edit.principal?.value}`, where)
    case 'addConditionValue':
      return t.add(`${edit.operator} ${edit.key} = ${edit.value}`, where)
    case 'removeCondition':
      return t.remove(`${edit.operator} ${edit.key}`, where)
    case 'removeValue':
      return t.remove(edit.value ?? '', where)
    case 'removeStatement':
      return t.removeStatement(where)
    default:
      return t.addStatement(edit.title)
  }
}
