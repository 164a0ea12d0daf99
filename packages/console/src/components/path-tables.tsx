import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import {
  type Arrow,
  administrator,
  type Ends,
  type Path,
  type Step,
  shortName,
  usePaths,
  useReach,
} from '../client/graph.ts'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { Failure } from './failure.tsx'
import {
  Conditions,
  EndedEarly,
  OnlyDerived,
  PathLine,
  usePrincipalName,
  useTechniqueName,
  VerdictSign,
} from './path-words.tsx'
import { Foreign } from './sentence.tsx'

/** Everybody who can become the goal. */
export function Comers({ to, onChoose }: { readonly to: string; readonly onChoose: (from: string) => void }) {
  const t = useText(pathsText)
  const inWords = useTechniqueName()
  const comers = useReach(to, 'to')
  const nameOf = usePrincipalName()
  if (comers.isError) return <Failure error={comers.error} />
  const { reached = [], incomplete, onlyDerived } = comers.data ?? {}
  return (
    <SpaceBetween size="s">
      <EndedEarly incomplete={incomplete} />
      <OnlyDerived names={onlyDerived} />
      <Table
        header={<Header variant="h2">{comers.isPending ? t.who : t.comersCount(reached.length)}</Header>}
        loading={comers.isPending}
        items={[...reached]}
        trackBy="principal"
        wrapLines
        empty={<Box textAlign="center">{incomplete === undefined ? t.nobody : t.nothingYet}</Box>}
        columnDefinitions={[
          {
            id: 'who',
            header: t.who,
            isRowHeader: true,
            minWidth: 200,
            cell: (comer) => (
              <>
                <Button
                  variant="inline-link"
                  ariaLabel={t.showPaths(nameOf(comer))}
                  onClick={() => onChoose(shortName(comer.principal))}
                >
                  {nameOf(comer)}
                </Button>
                {comer.heldBy !== undefined && <Holders names={comer.heldBy} />}
              </>
            ),
          },
          {
            id: 'verdict',
            header: t.verdictColumn,
            minWidth: 150,
            cell: ({ verdict }) => <VerdictSign verdict={verdict} />,
          },
          { id: 'steps', header: t.steps, minWidth: 90, cell: ({ steps }) => steps },
          {
            id: 'by',
            header: t.first,
            minWidth: 260,
            cell: ({ labels, kind, residual = [] }) => (
              <>
                {labels.length > 0 && <Foreign>{labels.map(inWords).join(', ')}</Foreign>}
                {labels.length === 0 && kind === undefined && t.itself}
                {residual.length > 0 && <Conditions residual={residual} />}
              </>
            ),
          },
        ]}
      />
    </SpaceBetween>
  )
}

/** The most holders of a role that a row names; the rest is counted. */
const mostNamed = 4

/** The people and groups of IAM Identity Center that have a role. */
function Holders({ names }: { readonly names: readonly string[] }) {
  const t = useText(pathsText)
  const shown = names.slice(0, mostNamed).map((each) => each.replace(/^center\//, ''))
  return (
    <Box variant="small">
      <Foreign>{t.heldBy(shown.join(', '), names.length - shown.length)}</Foreign>
    </Box>
  )
}

interface PathTableProps {
  readonly ends: Ends
  readonly via: string
  readonly onArrow: (arrow: Arrow) => void
}

/** The paths between two ends: the accessible twin of the picture. */
export function PathTable({ ends, via, onArrow }: PathTableProps) {
  const t = useText(pathsText)
  const inWords = useTechniqueName()
  const answer = usePaths(ends, via, useLanguage())
  if (answer.isError) return <Failure error={answer.error} />
  const rows = (answer.data?.paths ?? []).map((path, index) => ({ id: String(index + 1), path }))
  const incomplete = answer.data?.incomplete
  return (
    <SpaceBetween size="s">
      <EndedEarly incomplete={incomplete} />
      <OnlyDerived names={answer.data?.onlyDerived} />
      <Table
        header={<Header variant="h2">{answer.isPending ? t.path : t.paths(rows.length)}</Header>}
        loading={answer.isPending}
        items={rows}
        trackBy="id"
        wrapLines
        empty={
          <Box textAlign="center">
            {incomplete === undefined ? t.noPath(shortName(ends.from), shortName(ends.to)) : t.nothingYet}
          </Box>
        }
        columnDefinitions={[
          { id: 'number', header: '#', cell: ({ id }) => id },
          {
            id: 'path',
            header: t.path,
            isRowHeader: true,
            minWidth: 260,
            cell: ({ path }) => <PathCell path={path} />,
          },
          {
            id: 'verdict',
            header: t.verdictColumn,
            minWidth: 150,
            cell: ({ path }) => <VerdictSign verdict={path.verdict} />,
          },
          {
            id: 'condition',
            header: t.condition,
            minWidth: 260,
            cell: ({ path }) => (path.residual.length === 0 ? '–' : <Conditions residual={path.residual} />),
          },
          {
            id: 'open',
            header: t.halves,
            minWidth: 170,
            cell: ({ path, id }) => (
              <SpaceBetween direction="horizontal" size="xs">
                {path.steps.map((step, index) => (
                  <Button
                    // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one path never move
                    key={index}
                    variant="inline-link"
                    ariaLabel={`${t.halves}: ${id}.${index + 1} ${inWords(step.label)}`}
                    onClick={() => onArrow({ ...endsOf(path.steps, index, ends.to), start: ends.from })}
                  >
                    {step.technique === administrator ? t.administrator : index + 1}
                  </Button>
                ))}
              </SpaceBetween>
            ),
          },
        ]}
      />
    </SpaceBetween>
  )
}

/** A path, and what would break it. */
function PathCell({ path }: { readonly path: Path }) {
  const t = useText(pathsText)
  return (
    <>
      <PathLine path={path} />
      {path.breaks !== undefined && (
        <Box variant="small">
          {t.breaksWith} <span dir="auto">{path.breaks}</span>
        </Box>
      )}
    </>
  )
}

/** The arrow that a step is part of: a step that changes a policy belongs to the next one that it makes possible. */
function endsOf(steps: readonly Step[], index: number, goal: string): Pick<Arrow, 'from' | 'to'> {
  const step = steps[index]
  if (step === undefined) return { from: goal, to: goal }
  const { from, to, technique } = step
  if (technique === administrator) return { from, to: goal }
  if (to !== from && /:(?:user|role)\//.test(to)) return { from, to }
  const later = steps.slice(index + 1)
  const next = later.findIndex((each) => each.from === from)
  if (next >= 0) return endsOf(steps, index + 1 + next, goal)
  return { from, to: later[0]?.from ?? goal }
}
