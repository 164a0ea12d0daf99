import '../ask.css'
import '../paths.css'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Textarea from '@cloudscape-design/components/textarea'
import { useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import {
  type Arrow,
  administrator,
  bearsToken,
  type Ends,
  type PictureEdge,
  type PictureNode,
  shortName,
  usePaths,
  usePicture,
  useReach,
} from '../client/graph.ts'
import { usePrincipals } from '../client/names.ts'
import { Failure } from '../components/failure.tsx'
import { PathCuts } from '../components/path-cuts.tsx'
import { PathEdge } from '../components/path-edge.tsx'
import { Exports } from '../components/path-exports.tsx'
import { PathPicture } from '../components/path-picture.tsx'
import { Comers, PathTable } from '../components/path-tables.tsx'
import { EndedEarly, OnlyDerived, WatchNotice } from '../components/path-words.tsx'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { shellText } from '../text/shell.ts'

/** The graph of who can become whom: a picture of at most forty nodes, and the same as a table. */
export default function PathsPage() {
  const t = useText(pathsText)
  const [params, setParams] = useSearchParams()
  const ends: Ends = {
    from: params.get('from') ?? '',
    to: params.get('to') ?? administrator,
    claims: params.get('claims') ?? '',
    claimsComplete: params.get('complete') === 'yes',
  }
  const via = params.get('via') ?? ''
  const isTable = params.get('view') === 'table'
  const [arrow, setArrow] = useState<Arrow>()
  const [isBreaking, setBreaking] = useState(false)
  const table = useRef<HTMLDivElement>(null)
  const choose = (change: Readonly<Record<string, string>>) => {
    setArrow(undefined)
    setBreaking(false)
    const kept = {
      from: ends.from,
      to: ends.to,
      via,
      view: isTable ? 'table' : '',
      claims: ends.claims ?? '',
      complete: ends.claimsComplete === true ? 'yes' : '',
      ...change,
    }
    setParams(Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== '')), { replace: true })
  }
  const hasPaths = useHasPaths(ends, via, isTable)
  const names = { from: ends.from === '' ? t.everybody : shortName(ends.from), to: shortName(ends.to) }
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.description} actions={<Exports ends={ends} />}>
        {t.title}
      </Header>
      <WatchNotice />
      <ColumnLayout columns={3}>
        <Who label={t.from} hint={t.fromHint} value={ends.from} onChoose={(from) => choose({ from })} />
        <Who
          label={t.to}
          hint={t.toHint}
          value={ends.to}
          more={[administrator]}
          onChoose={(to) => choose({ to: to === '' ? administrator : to })}
        />
        {ends.from !== '' && (
          <Who label={t.via} hint={t.viaHint} value={via} onChoose={(each) => choose({ via: each })} />
        )}
      </ColumnLayout>
      {bearsToken(ends.from) && <Claims key={ends.from} ends={ends} onChoose={choose} />}
      <SegmentedControl
        label={t.view}
        selectedId={isTable ? 'table' : 'graph'}
        options={[
          { id: 'graph', text: t.graph },
          { id: 'table', text: t.table },
        ]}
        onChange={({ detail }) => choose({ view: detail.selectedId === 'table' ? 'table' : '' })}
      />
      {!isTable && (
        <Graph
          // other ends are another picture: nothing is unfolded in it
          key={`${ends.from} ${ends.to}`}
          ends={ends}
          label={t.picture(names.from, names.to)}
          arrow={arrow}
          onArrow={setArrow}
          onTable={() => {
            choose({ view: 'table' })
            setTimeout(() => table.current?.focus())
          }}
        />
      )}
      {isTable && (
        <div ref={table} tabIndex={-1}>
          {ends.from === '' ? (
            <Comers to={ends.to} onChoose={(from) => choose({ from })} />
          ) : (
            <PathTable ends={ends} via={via} onArrow={setArrow} />
          )}
        </div>
      )}
      {arrow !== undefined && (
        <PathEdge
          key={`${arrow.from} ${arrow.to}`}
          arrow={arrow}
          ends={ends}
          onClose={() => setArrow(undefined)}
        />
      )}
      <div>
        {hasPaths && (
          <Button onClick={() => setBreaking(true)} disabled={isBreaking}>
            {t.breakAll}
          </Button>
        )}
        {isBreaking && <PathCuts key={`${ends.from} ${ends.to}`} ends={ends} />}
      </div>
    </SpaceBetween>
  )
}

/** Whether the view shows a path that can be broken: one that is not blocked. It asks what the view asks. */
function useHasPaths(ends: Ends, via: string, isTable: boolean): boolean {
  const language = useLanguage()
  const picture = usePicture(ends, [], false, language, !isTable)
  const paths = usePaths(ends, via, language, isTable)
  const comers = useReach(ends.to, 'to', isTable && ends.from === '')
  const isAll = ends.from === ''
  // without a start, nobody who is an administrator already has a path to break
  const administrators = new Set(
    picture.data?.nodes.filter(({ isAdministrator }) => isAdministrator).map(({ id }) => id),
  )
  const edges = picture.data?.edges.filter(({ from }) => !isAll || !administrators.has(from))
  const reached = comers.data?.reached.filter(({ isAdministrator }) => !isAdministrator)
  const shown = isTable ? (isAll ? reached : paths.data?.paths) : edges
  return shown?.some(({ verdict }) => verdict !== 'blocked' && verdict !== 'none') === true
}

interface ClaimsProps {
  readonly ends: Ends
  readonly onChoose: (change: Readonly<Record<string, string>>) => void
}

/** The claims of the start's token. */
function Claims({ ends: { claims = '', claimsComplete = false }, onChoose }: ClaimsProps) {
  const t = useText(pathsText)
  const [typed, setTyped] = useState(claims)
  return (
    <SpaceBetween size="xs">
      <FormField label={t.claims} description={t.claimsHint}>
        <Textarea
          value={typed}
          rows={2}
          spellcheck={false}
          onChange={({ detail }) => setTyped(detail.value)}
          onBlur={() => {
            if (typed !== claims) onChoose({ claims: typed })
          }}
        />
      </FormField>
      <Checkbox
        checked={claimsComplete}
        onChange={({ detail }) => onChoose({ claims: typed, complete: detail.checked ? 'yes' : '' })}
      >
        {t.claimsComplete}
      </Checkbox>
    </SpaceBetween>
  )
}

interface WhoProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly more?: readonly string[]
  readonly onChoose: (value: string) => void
}

function Who({ label, hint, value, more = [], onChoose }: WhoProps) {
  const principals = usePrincipals()
  const [typed, setTyped] = useState<string>()
  const leave = () => {
    if (typed !== undefined && typed !== value) onChoose(typed)
    setTyped(undefined)
  }
  return (
    <FormField label={label} description={hint}>
      <Autosuggest
        value={typed ?? shortName(value)}
        onChange={({ detail }) => setTyped(detail.value)}
        onSelect={({ detail }) => {
          setTyped(undefined)
          onChoose(detail.value)
        }}
        onBlur={leave}
        options={[...more, ...principals].map((each) => ({ value: each }))}
        enteredTextLabel={(text) => text}
        virtualScroll
      />
    </FormField>
  )
}

const verdicts = ['proven', 'conditional', 'undecided', 'blocked'] as const

interface GraphProps {
  readonly ends: Ends
  readonly label: string
  readonly arrow: Arrow | undefined
  readonly onArrow: (arrow: Arrow) => void
  readonly onTable: () => void
}

function Graph({ ends, label, arrow, onArrow, onTable }: GraphProps) {
  const t = useText(pathsText)
  const shell = useText(shellText)
  const [unfold, setUnfold] = useState<readonly string[]>([])
  const [blocked, setBlocked] = useState(false)
  const picture = usePicture(ends, unfold, blocked, useLanguage())
  const [chosen, setChosen] = useState<string>()
  const onEdge = (edge: PictureEdge) => {
    const [[from, to] = []] = edge.pairs
    if (from === undefined || to === undefined) return
    setChosen(edge.id)
    const start = ends.from === '' ? (edge.starts[0] ?? from) : ends.from
    onArrow({ from, to, start, others: edge.pairs.length - 1 })
  }
  const onNode = ({ id, members, arn }: PictureNode) => {
    if (members !== undefined) setUnfold([...unfold, id])
    else {
      const edge = picture.data?.edges.find(({ from }) => from === id)
      if (edge !== undefined && arn !== undefined) onEdge(edge)
    }
  }
  const isUndecided = picture.data?.edges.some(({ verdict }) => verdict === 'undecided') === true
  const shownVerdicts = verdicts.filter(
    (each) => (each !== 'blocked' || blocked) && (each !== 'undecided' || isUndecided),
  )
  if (picture.isError) return <Failure error={picture.error} />
  if (picture.data === undefined) return <Spinner aria-label={shell.loading} />
  return (
    <SpaceBetween size="s">
      <ul className="legend">
        {shownVerdicts.map((verdict) => (
          <li key={verdict}>
            <svg width="36" height="10" aria-hidden="true" className={`path-edge is-${verdict}`}>
              <path className="path-arrow" d="M0 5L36 5" />
            </svg>{' '}
            {t.verdict[verdict]}: {t.verdictHint[verdict]}
          </li>
        ))}
      </ul>
      <Checkbox checked={blocked} onChange={({ detail }) => setBlocked(detail.checked)}>
        {t.showBlocked}
      </Checkbox>
      <EndedEarly incomplete={picture.data.incomplete} />
      <OnlyDerived names={picture.data.onlyDerived} />
      {picture.data.edges.length > 0 && (
        <Box>{t.drawn(picture.data.nodes.length, picture.data.edges.length)}</Box>
      )}
      {picture.data.edges.length === 0 && picture.data.incomplete !== undefined ? (
        <Box textAlign="center" padding="l">
          {t.nothingYet}
        </Box>
      ) : picture.data.edges.length === 0 ? (
        <Box textAlign="center" padding="l">
          {ends.from === '' ? t.nobody : t.noPath(shortName(ends.from), shortName(ends.to))}
        </Box>
      ) : (
        <PathPicture
          picture={picture.data}
          label={label}
          chosen={arrow === undefined ? undefined : chosen}
          onNode={onNode}
          onEdge={onEdge}
          onTable={onTable}
        />
      )}
    </SpaceBetween>
  )
}
